package io.fusewire.raw;

import java.time.Duration;

/**
 * How long the kernel may use an answer without asking again.
 *
 * @param entryNanos for the name, in nanoseconds
 * @param attributeNanos for the attributes, in nanoseconds
 */
public record Timeouts(long entryNanos, long attributeNanos) {
  static final long SECOND = 1_000_000_000L;

  /** The kernel asks every time. */
  public static final Timeouts NONE = new Timeouts(0, 0);

  /** Checks that both are not negative. */
  public Timeouts {
    if (entryNanos < 0 || attributeNanos < 0) {
      throw new IllegalArgumentException("a time-out is negative");
    }
  }

  /** The same time for both. */
  public static Timeouts of(Duration both) {
    return new Timeouts(both.toNanos(), both.toNanos());
  }
}
