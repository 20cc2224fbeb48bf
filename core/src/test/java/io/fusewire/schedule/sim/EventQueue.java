package io.fusewire.schedule.sim;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Virtual time: runs events in the order of their times, those of the same time in an order that
 * the seed decides. Times are nanoseconds.
 */
public final class EventQueue {
  /** What happens at a time. */
  @FunctionalInterface
  public interface Event {
    /** Happens. */
    void fire(long nowNanos);
  }

  private record Entry(long time, long tie, Event event) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(tie, other.tie);
    }
  }

  private final PriorityQueue<Entry> entries = new PriorityQueue<>(4096);
  private final SplittableRandom ties;
  private long now;

  /** Begins at time 0. */
  public EventQueue(long seed) {
    ties = new SplittableRandom(seed);
  }

  /** The time of the event that happens, or happened last. */
  public long now() {
    return now;
  }

  /** Lets an event happen then, or now if that is past. */
  public void at(long time, Event event) {
    entries.add(new Entry(Math.max(now, time), ties.nextLong(), event));
  }

  /** Runs what happens up to and including this time. */
  public void runUntil(long end) {
    for (Entry first = entries.peek();
        first != null && first.time() <= end;
        first = entries.peek()) {
      entries.remove();
      now = first.time();
      first.event().fire(now);
    }
    now = Math.max(now, end);
  }
}
