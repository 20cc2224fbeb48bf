package io.fusewire.node;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link NodeTable} keeps of each node; a file system's own node class extends it.
 *
 * <p>The lookup count is how often the kernel was given this node and has not forgotten it. It is
 * changed by compare-and-set; a retired node's count stays negative, so that nobody finds it again.
 */
public abstract class Node {
  private static final VarHandle LOOKUPS;
  private static final long RETIRED = -1;

  static {
    try {
      LOOKUPS = MethodHandles.lookup().findVarHandle(Node.class, "lookups", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** The next node of the same bucket. Volatile, because lookups follow it without the lock. */
  volatile @Nullable Node next;

  /** Set once, before the node is published in the table. */
  long nodeId;

  long generation;

  @SuppressWarnings("UnusedVariable") // through LOOKUPS
  private volatile long lookups;

  /** A node that is in no table yet. */
  protected Node() {}

  /** Its id, as the kernel knows it; 0 before it is in a table. */
  public final long nodeId() {
    return nodeId;
  }

  /** Tells it from earlier nodes with the same id. */
  public long generation() {
    return generation;
  }

  /** How many lookups the kernel holds. */
  public final long lookups() {
    return Math.max(lookups, 0);
  }

  /**
   * Counts one lookup, before the node is given to the kernel.
   *
   * @return false when the node is retired
   */
  public final boolean addLookup() {
    while (true) {
      long now = lookups;
      if (now == RETIRED) {
        return false;
      }
      if (LOOKUPS.compareAndSet(this, now, now + 1)) {
        return true;
      }
    }
  }

  /**
   * Takes lookups back; more than there are count as all.
   *
   * @return true when none is left
   */
  public final boolean removeLookups(long count) {
    while (true) {
      long now = lookups;
      if (now == RETIRED) {
        return false;
      }
      long left = Math.max(now - count, 0);
      if (LOOKUPS.compareAndSet(this, now, left)) {
        return left == 0;
      }
    }
  }

  /** Makes the node unfindable if the kernel holds no lookup; true for the one caller that did. */
  public final boolean retire() {
    return LOOKUPS.compareAndSet(this, 0L, RETIRED);
  }
}
