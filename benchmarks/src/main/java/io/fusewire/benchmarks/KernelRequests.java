package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The kernel's own count of the requests that it sends to one mount, on either transport, from its
 * trace points. Requests that expect no answer, such as FORGET, are not in it. It costs time, so
 * nothing is measured meanwhile.
 */
final class KernelRequests implements AutoCloseable {
  private static final String EVENT = "events/fuse/fuse_request_send";
  private static final List<String> COUNTS = List.of("entries: ", "overrun: ");
  private static final long MINOR_LOW = 0xff;
  private static final int MINOR_HIGH_SHIFT = 12;

  private final Path traceFileSystem;
  private final Path instance;
  private final AtomicBoolean closed = new AtomicBoolean();

  private KernelRequests(Path traceFileSystem, Path instance) {
    this.traceFileSystem = traceFileSystem;
    this.instance = instance;
  }

  /**
   * Mounts tracefs on a folder of its own; IOException where the kernel has no such trace points.
   */
  static KernelRequests open() throws IOException {
    Path folder = Files.createTempDirectory("fusewire-tracing-");
    try {
      Commands.run(List.of("mount", "-t", "tracefs", "tracefs", folder.toString()));
    } catch (IOException e) {
      Files.delete(folder);
      throw e;
    }
    Path instance =
        folder.resolve("instances").resolve("fusewire-" + ProcessHandle.current().pid());
    KernelRequests requests = new KernelRequests(folder, instance);
    try {
      Files.createDirectory(instance);
      requests.write("buffer_size_kb", "64");
    } catch (IOException e) {
      requests.close();
      throw e;
    }
    return requests;
  }

  /** Counts the requests to the file system mounted there while something is done to it. */
  long count(Path mountPoint, Action action) throws IOException {
    write("trace", "");
    long before = counted();
    write(EVENT + "/filter", "connection == " + minorDevice(mountPoint));
    write(EVENT + "/enable", "1");
    try {
      action.run();
    } finally {
      write(EVENT + "/enable", "0");
    }
    return counted() - before;
  }

  /** What is done while requests are counted. */
  @FunctionalInterface
  interface Action {
    void run() throws IOException;
  }

  private static long minorDevice(Path path) throws IOException {
    long device = (long) Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS);
    return (device & MINOR_LOW) | ((device >> MINOR_HIGH_SHIFT) & ~MINOR_LOW);
  }

  private long counted() throws IOException {
    long sum = 0;
    try (DirectoryStream<Path> cpus = Files.newDirectoryStream(instance.resolve("per_cpu"))) {
      for (Path cpu : cpus) {
        for (String line : Files.readAllLines(cpu.resolve("stats"))) {
          for (String count : COUNTS) {
            sum += line.startsWith(count) ? Long.parseLong(line.substring(count.length())) : 0;
          }
        }
      }
    }
    return sum;
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(instance.resolve(file), text + "\n");
  }

  /** Leaves nothing behind. Idempotent. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      if (Files.isDirectory(instance)) {
        Files.delete(instance);
      }
      Commands.run(List.of("umount", "--lazy", traceFileSystem.toString()));
      Files.delete(traceFileSystem);
    } catch (IOException e) {
      System.err.println("benchmarks: tracing was not cleaned up: " + e);
    }
  }
}
