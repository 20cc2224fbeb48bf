package io.fusewire.filesystems.memory;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much Java heap nodes, names, extended attributes and page maps may take together: a full file
 * system answers ENOSPC long before the virtual machine runs out of memory. Costs are estimates in
 * bytes. Safe for all threads.
 */
final class HeapBudget {
  /** A node with its locks and its place in the table. */
  static final long NODE_BYTES = 500;

  /** A name in a directory, at an average length. */
  static final long NAME_BYTES = 400;

  private final long bytesMax;
  private final AtomicLong used = new AtomicLong();

  /** A budget of this many bytes. */
  HeapBudget(long bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Half of what the virtual machine may have. */
  static HeapBudget ofThisMachine() {
    return new HeapBudget(Runtime.getRuntime().maxMemory() / 2);
  }

  /** Takes bytes; false, and nothing is taken, when there are not so many. */
  boolean take(long bytes) {
    if (used.addAndGet(bytes) <= bytesMax) {
      return true;
    }
    used.addAndGet(-bytes);
    return false;
  }

  /** Notes bytes that are taken already; negative when they are given back. */
  void note(long bytes) {
    if (bytes != 0) {
      used.addAndGet(bytes);
    }
  }

  /** Bytes that are left; 0 when it is exhausted. */
  long left() {
    return Math.max(0, bytesMax - used.get());
  }
}
