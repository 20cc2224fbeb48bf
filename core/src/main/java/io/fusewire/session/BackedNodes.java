package io.fusewire.session;

import org.jspecify.annotations.Nullable;

/**
 * The open nodes of a part of all node ids, each with how it is open. Entries are used again, so
 * that in the long run opening and closing allocates nothing. Guarded by whoever uses it.
 */
final class BackedNodes {
  private static final int BUCKETS_FIRST = 16;

  /** A node that is open. */
  static final class Entry {
    long nodeId;

    /** The backing id, or 0 for ordinary opens; all opens of a node agree. */
    int id;

    /** How often it is open. */
    int opens;

    /** How many of these opens are for writing. */
    int writers;

    private @Nullable Entry next;
  }

  private @Nullable Entry[] buckets = new @Nullable Entry[BUCKETS_FIRST];
  private @Nullable Entry unused;
  private int size;

  int size() {
    return size;
  }

  @Nullable Entry find(long nodeId) {
    Entry entry = buckets[bucket(nodeId)];
    while (entry != null && entry.nodeId != nodeId) {
      entry = entry.next;
    }
    return entry;
  }

  /** Adds a node that is not there. */
  Entry add(long nodeId) {
    if (size >= buckets.length) {
      grow();
    }
    Entry entry = unused == null ? new Entry() : unused;
    unused = entry.next;
    entry.nodeId = nodeId;
    entry.id = 0;
    entry.opens = 0;
    entry.writers = 0;
    link(entry);
    size++;
    return entry;
  }

  private void link(Entry entry) {
    int bucket = bucket(entry.nodeId);
    entry.next = buckets[bucket];
    buckets[bucket] = entry;
  }

  void remove(Entry entry) {
    int bucket = bucket(entry.nodeId);
    Entry at = buckets[bucket];
    if (at == entry) {
      buckets[bucket] = entry.next;
    } else {
      while (at != null && at.next != entry) {
        at = at.next;
      }
      if (at != null) {
        at.next = entry.next;
      }
    }
    entry.next = unused;
    unused = entry;
    size--;
  }

  private void grow() {
    @Nullable Entry[] old = buckets;
    buckets = new @Nullable Entry[2 * old.length];
    for (Entry first : old) {
      Entry entry = first;
      while (entry != null) {
        Entry next = entry.next;
        link(entry);
        entry = next;
      }
    }
  }

  /** Any node that is left, or null. */
  @Nullable Entry any() {
    for (Entry entry : buckets) {
      if (entry != null) {
        return entry;
      }
    }
    return null;
  }

  private int bucket(long nodeId) {
    return (int) ((nodeId * 0x9e3779b97f4a7c15L) >>> 32) & (buckets.length - 1);
  }
}
