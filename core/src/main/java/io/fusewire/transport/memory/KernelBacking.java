package io.fusewire.transport.memory;

import io.fusewire.wire.Errno;
import io.fusewire.wire.flag.OpenFlags;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The backing files that a server has registered, and how nodes are open, as fs/fuse/backing.c and
 * iomode.c have it. {@link #open} and {@link #close} may be called from any thread, the rest by the
 * kernel's.
 */
final class KernelBacking {
  private static final int WITH_BACKING =
      OpenFlags.PASSTHROUGH
          | OpenFlags.DIRECT_IO
          | OpenFlags.PARALLEL_DIRECT_WRITES
          | OpenFlags.NOFLUSH;

  /** How a node is open: on a backing file, or through the page cache. */
  private static final class Mode {
    int backingId;
    int backed;
    int cached;
  }

  private final AtomicInteger last = new AtomicInteger();
  private final Set<Integer> ids = ConcurrentHashMap.newKeySet();
  private final List<String> violations = new CopyOnWriteArrayList<>();
  private final Map<Long, Mode> modes = new HashMap<>();
  private volatile int refusal;

  /** Refuses backing files with this errno; 0 takes them. */
  void refuse(int errno) {
    refusal = errno;
  }

  int open(int descriptor) {
    if (refusal != 0 || descriptor < 0) {
      return refusal != 0 ? -refusal : -Errno.EBADF;
    }
    int id = last.incrementAndGet();
    ids.add(id);
    return id;
  }

  int close(int id) {
    if (ids.remove(id)) {
      return 0;
    }
    violations.add("ENOENT: backing file " + id + " is not open");
    return -Errno.ENOENT;
  }

  /** How many are registered. */
  int size() {
    return ids.size();
  }

  List<String> violations() {
    return violations;
  }

  /** A file was opened ({@code fuse_file_io_open}); what is wrong would be EIO for its caller. */
  void opened(OpenFile file) {
    Mode mode = modes.computeIfAbsent(file.node(), node -> new Mode());
    String wrong = wrong(file, mode);
    if (!wrong.isEmpty()) {
      violations.add("EIO: open of node " + file.node() + ": " + wrong);
    }
    if (isBacked(file)) {
      mode.backingId = file.backingId();
      mode.backed++;
    } else if (isCached(file)) {
      mode.cached++;
    }
  }

  private String wrong(OpenFile file, Mode mode) {
    if (!isBacked(file)) {
      return mode.backed > 0 ? "others have a backing file" : "";
    }
    if ((file.openFlags() & ~WITH_BACKING) != 0) {
      return "flags that PASSTHROUGH excludes";
    }
    if (!ids.contains(file.backingId())) {
      return "no backing file " + file.backingId();
    }
    if (mode.cached > 0) {
      return "others go through the page cache";
    }
    return mode.backed > 0 && mode.backingId != file.backingId() ? "another backing file" : "";
  }

  /** The kernel has let go of a file; its RELEASE comes after this. */
  void closed(OpenFile file) {
    Mode mode = modes.get(file.node());
    if (mode == null) {
      return;
    }
    if (isBacked(file)) {
      mode.backed--;
    } else if (isCached(file)) {
      mode.cached--;
    }
    if (mode.backed == 0 && mode.cached == 0) {
      modes.remove(file.node());
    }
  }

  private static boolean isBacked(OpenFile file) {
    return (file.openFlags() & OpenFlags.PASSTHROUGH) != 0;
  }

  private static boolean isCached(OpenFile file) {
    return (file.openFlags() & OpenFlags.DIRECT_IO) == 0;
  }
}
