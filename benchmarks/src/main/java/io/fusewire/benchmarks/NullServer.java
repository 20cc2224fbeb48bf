package io.fusewire.benchmarks;

import com.sun.management.ThreadMXBean;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.session.TransportKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Serves the null file system until its standard input ends. Every line on it is answered with a
 * line of counts, so that a benchmark sees what the heap got to do with the requests.
 */
public final class NullServer {
  private static final String USAGE = "NullServer MOUNTPOINT READERS [OPTION...]";

  private NullServer() {}

  /** Mounts, says "ready" and the capabilities in use, and serves. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length < 2) {
      System.err.println(USAGE);
      System.exit(2);
    }
    NullFileSystem fileSystem = new NullFileSystem();
    MountOptions options =
        MountOptions.create()
            .fsName("null")
            .readers(Integer.parseInt(arguments[1]))
            .transport(TransportKind.DEV);
    SlowStore store = null;
    for (int i = 2; i < arguments.length; i++) {
      if (arguments[i].startsWith(SlowStore.OPTION)) {
        store = SlowStore.parse(arguments[i]);
      } else {
        options.option(arguments[i]);
      }
    }
    boolean inline = Arrays.asList(arguments).contains("dispatch=inline");
    RawFileSystem served =
        store == null ? fileSystem : new SlowFileSystem(fileSystem, store, !inline);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    try (Mount mount = Fusewire.mount(served, Path.of(arguments[0]), options)) {
      System.out.println("ready capabilities=" + Long.toHexString(mount.negotiation().granted()));
      while (commands.readLine() != null) {
        System.out.println(counts(fileSystem.requests()));
      }
    }
  }

  /** Counts as one JSON object; the calling thread's own allocations are left out. */
  private static String counts(long requests) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().threadId();
    long[] others = Arrays.stream(threads.getAllThreadIds()).filter(id -> id != self).toArray();
    long bytes = Arrays.stream(threads.getThreadAllocatedBytes(others)).filter(b -> b > 0).sum();
    List<GarbageCollectorMXBean> collectors = ManagementFactory.getGarbageCollectorMXBeans();
    long collections =
        collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount).sum();
    long pauses = collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).sum();
    return "{\"requests\":"
        + requests
        + ",\"heapBytes\":"
        + bytes
        + ",\"collections\":"
        + collections
        + ",\"pauseMillis\":"
        + pauses
        + ",\"compilationMillis\":"
        + ManagementFactory.getCompilationMXBean().getTotalCompilationTime()
        + "}";
  }
}
