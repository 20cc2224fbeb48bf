package io.fusewire.session;

import io.fusewire.linux.sys.Open;
import io.fusewire.raw.Backing;
import io.fusewire.wire.Errno;
import io.fusewire.wire.NotifyCode;
import io.fusewire.wire.struct.NotifyStructs;
import io.fusewire.wire.struct.OutHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The backing files of a mount: opened with the first open of a node, closed with its last.
 *
 * <p>What is counted here is always at least what the kernel has: an open counts from before its
 * answer until its RELEASE, which the kernel sends when it has let go. So a node without a count
 * here is free in the kernel, too, and what joins a counted one cannot be refused.
 *
 * <p>Safe for all threads. Nodes are spread over locks, under which the kernel is called (an ioctl,
 * a notification: neither waits for requests), and nothing else.
 */
final class BackingRegistry implements Backing {
  private static final System.Logger LOG = System.getLogger("io.fusewire");
  private static final int PARTS = 16;
  private static final long NOTIFICATION_BYTES = OutHeader.SIZE + NotifyStructs.INVAL_INODE.size();

  /** How the kernel is reached. */
  interface Calls {
    /** Registers a file; an id above 0, or a negative errno. */
    int open(int descriptor);

    /** Gives an id back. */
    int close(int id);

    /** Sends a notification. */
    void notify(MemorySegment message, long bytes);
  }

  /** Nodes under one lock: this object. */
  private static final class Part {
    final BackedNodes nodes = new BackedNodes();
    final MemorySegment notification;

    Part(Arena arena) {
      notification = arena.allocate(NOTIFICATION_BYTES, Long.BYTES);
    }
  }

  private final String name;
  private final Calls calls;
  private final Part[] parts = new Part[PARTS];
  private final AtomicInteger writable = new AtomicInteger();
  private final AtomicInteger backed = new AtomicInteger();
  private final AtomicLong opened = new AtomicLong();
  private final AtomicLong closed = new AtomicLong();
  private volatile boolean isPossible = true;
  private volatile int lastErrno;
  private volatile boolean ended;

  /**
   * Without any file.
   *
   * @param name of the mount, for the log
   */
  BackingRegistry(String name, Calls calls) {
    this.name = name;
    this.calls = calls;
    Arena arena = Arena.ofAuto();
    for (int i = 0; i < PARTS; i++) {
      parts[i] = new Part(arena);
    }
  }

  private Part part(long nodeId) {
    return parts[(int) nodeId & (PARTS - 1)];
  }

  @Override
  public int opening(long nodeId, int openFlags, int descriptor) {
    Part part = part(nodeId);
    synchronized (part) {
      BackedNodes.Entry entry = part.nodes.find(nodeId);
      if (entry == null) {
        entry = part.nodes.add(nodeId);
        boolean mayBack = descriptor != NO_DESCRIPTOR && isPossible && !ended;
        entry.id = mayBack ? register(descriptor) : NO_ID;
      }
      entry.opens++;
      if (entry.id != NO_ID && writes(openFlags)) {
        entry.writers++;
        if (entry.writers == 1) {
          writable.incrementAndGet();
          forgetAttributes(part, nodeId); // those that were given with a time are not for maps
        }
      }
      return entry.id;
    }
  }

  private static boolean writes(int openFlags) {
    return (openFlags & Open.ACCMODE) != Open.RDONLY;
  }

  private int register(int descriptor) {
    int id = calls.open(descriptor);
    if (id > 0) {
      opened.incrementAndGet();
      backed.incrementAndGet();
      return id;
    }
    refused(id == 0 ? Errno.EIO : -id);
    return NO_ID;
  }

  /** Says why, once for each reason in a row. */
  private void refused(int errno) {
    if (errno == Errno.EPERM || errno == Errno.EOPNOTSUPP || errno == Errno.ENOTTY) {
      isPossible = false; // for all files
    }
    if (errno != lastErrno) {
      lastErrno = errno;
      LOG.log(
          System.Logger.Level.WARNING,
          "{0}: {1}; its reads and writes come to the server instead",
          name,
          reason(errno));
    }
  }

  private static String reason(int errno) {
    String call = "the kernel took no backing file: " + Errno.describe(errno);
    return switch (errno) {
      case 0 -> "";
      case Errno.EPERM -> call + ": it needs CAP_SYS_ADMIN; run the server as root";
      case Errno.ELOOP ->
          call
              + ": it lies on a stacked file system (overlayfs, or a FUSE mount with"
              + " passthrough); try -o max_stack_depth=2";
      case Errno.EOPNOTSUPP, Errno.ENOTTY -> call + ": this kernel has no passthrough";
      default -> call;
    };
  }

  @Override
  public void closed(long nodeId, int openFlags) {
    Part part = part(nodeId);
    synchronized (part) {
      BackedNodes.Entry entry = part.nodes.find(nodeId);
      if (entry == null) {
        return; // opened without an OPEN, or all was closed
      }
      if (entry.writers > 0 && writes(openFlags)) {
        entry.writers--;
        if (entry.writers == 0) {
          writable.decrementAndGet();
        }
      }
      entry.opens--;
      if (entry.opens == 0) {
        end(part, entry);
      }
    }
  }

  private void end(Part part, BackedNodes.Entry entry) {
    int id = entry.id;
    if (entry.writers > 0) {
      writable.decrementAndGet();
    }
    part.nodes.remove(entry);
    if (id == NO_ID) {
      return;
    }
    backed.decrementAndGet();
    int result = calls.close(id);
    if (result < 0) {
      LOG.log(
          System.Logger.Level.ERROR,
          "{0}: backing file {1} was not closed: {2}",
          name,
          id,
          Errno.describe(-result));
      return;
    }
    closed.incrementAndGet();
  }

  private void forgetAttributes(Part part, long nodeId) {
    MemorySegment message = part.notification;
    OutHeader.LEN.set(message, 0, (int) NOTIFICATION_BYTES);
    OutHeader.ERROR.set(message, 0, NotifyCode.INVAL_INODE.number());
    OutHeader.UNIQUE.set(message, 0, 0);
    NotifyStructs.INVAL_INODE_INO.set(message, OutHeader.SIZE, nodeId);
    NotifyStructs.INVAL_INODE_OFF.set(message, OutHeader.SIZE, -1); // the attributes only
    NotifyStructs.INVAL_INODE_LEN.set(message, OutHeader.SIZE, 0);
    calls.notify(message, NOTIFICATION_BYTES); // ENOENT for a node that is just being made
  }

  @Override
  public long attributeNanos(long nodeId, long nanos) {
    if (nanos == 0 || writable.get() == 0) {
      return nanos;
    }
    Part part = part(nodeId);
    synchronized (part) {
      BackedNodes.Entry entry = part.nodes.find(nodeId);
      return entry != null && entry.writers > 0 ? 0 : nanos;
    }
  }

  /** How it stands. */
  BackingState state() {
    return new BackingState(
        isPossible, reason(lastErrno), backed.get(), opened.get(), closed.get());
  }

  /** Gives back what a mount leaves behind when it ends with files open. */
  void closeAll() {
    ended = true; // an answer that comes later still is refused, and must register nothing
    for (Part part : parts) {
      synchronized (part) {
        for (BackedNodes.Entry left = part.nodes.any(); left != null; left = part.nodes.any()) {
          end(part, left);
        }
      }
    }
  }
}
