package io.fusewire.transport.uring;

/**
 * Entries whose requests wait for the ring's thread, first come first served; allocates nothing.
 */
final class EntryQueue {
  private final RingEntry[] places;
  private int first;
  private int size;

  /** A queue that can hold so many. */
  EntryQueue(int most) {
    places = new RingEntry[most];
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(RingEntry entry) {
    places[(first + size) % places.length] = entry;
    size++;
  }

  /** Takes the oldest; there must be one. */
  RingEntry take() {
    RingEntry entry = places[first];
    first = (first + 1) % places.length;
    size--;
    return entry;
  }
}
