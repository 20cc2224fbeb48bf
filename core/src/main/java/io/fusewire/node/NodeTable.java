package io.fusewire.node;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a file system by their ids. Finding takes no lock and allocates nothing; adding and
 * removing take a short one. Safe for all threads.
 *
 * @param <N> the file system's node class
 */
public final class NodeTable<N extends Node> {
  /** How many nodes a table holds unless it is told otherwise. */
  public static final int NODES_DEFAULT = 16_000_000;

  private static final int BUCKETS_FIRST = 1024;
  private static final int BUCKETS_MAX = 1 << 26;
  private static final long ROOT = 1;

  private final int nodesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicLong ids = new AtomicLong(ROOT);
  private volatile AtomicReferenceArray<@Nullable Node> buckets =
      new AtomicReferenceArray<>(BUCKETS_FIRST);
  private volatile int size;
  private long generations;

  /** A table for at most this many nodes. */
  public NodeTable(int nodesMax) {
    this.nodesMax = nodesMax;
  }

  /**
   * Adds a node under the next free number. The first one becomes the root, number 1.
   *
   * @return false when the table is full
   */
  public boolean add(N node) {
    return add(node, ids.getAndIncrement());
  }

  /**
   * Adds a node under an id of the caller's choice, such as one that is the same in every process.
   * No other node may have it now; one that had it before is told apart by the generation.
   *
   * @return false when the table is full
   */
  public boolean add(N node, long nodeId) {
    lock.lock();
    try {
      if (size >= nodesMax) {
        return false;
      }
      if (size >= buckets.length() && buckets.length() < BUCKETS_MAX) {
        grow();
      }
      node.nodeId = nodeId;
      node.generation = generations++;
      int bucket = bucket(nodeId, buckets.length());
      node.next = buckets.get(bucket);
      buckets.set(bucket, node);
      int count = size;
      size = count + 1;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** The node with this id, or null. */
  public @Nullable N find(long nodeId) {
    N found = search(nodeId);
    if (found != null) {
      return found;
    }
    // A search may miss a node that a growing table moves just then; the lock rules that out.
    lock.lock();
    try {
      return search(nodeId);
    } finally {
      lock.unlock();
    }
  }

  @SuppressWarnings("unchecked") // only nodes of type N come in
  private @Nullable N search(long nodeId) {
    AtomicReferenceArray<@Nullable Node> now = buckets;
    Node node = now.get(bucket(nodeId, now.length()));
    while (node != null && node.nodeId != nodeId) {
      node = node.next;
    }
    return (N) node;
  }

  /** Removes a node; nothing happens when it is not in the table. */
  public void remove(N node) {
    lock.lock();
    try {
      int bucket = bucket(node.nodeId, buckets.length());
      Node before = null;
      Node at = buckets.get(bucket);
      while (at != null && !at.equals(node)) {
        before = at;
        at = at.next;
      }
      if (at == null) {
        return;
      }
      if (before == null) {
        buckets.set(bucket, at.next);
      } else {
        before.next = at.next;
      }
      int count = size;
      size = count - 1;
    } finally {
      lock.unlock();
    }
  }

  /** The number of nodes. */
  public int size() {
    return size;
  }

  /** The largest number of nodes. */
  public int nodesMax() {
    return nodesMax;
  }

  private void grow() {
    AtomicReferenceArray<@Nullable Node> old = buckets;
    AtomicReferenceArray<@Nullable Node> grown = new AtomicReferenceArray<>(old.length() * 2);
    for (int i = 0; i < old.length(); i++) {
      Node node = old.get(i);
      while (node != null) {
        Node following = node.next;
        int bucket = bucket(node.nodeId, grown.length());
        node.next = grown.get(bucket);
        grown.set(bucket, node);
        node = following;
      }
    }
    buckets = grown;
  }

  private static int bucket(long nodeId, int length) {
    long mixed = nodeId * 0x9E3779B97F4A7C15L; // Fibonacci hashing
    return (int) (mixed >>> 32) & (length - 1);
  }
}
