package io.fusewire.schedule.sim;

import java.util.Arrays;

/** Measured times in nanoseconds, all of them, and their percentiles in milliseconds. */
public final class Samples {
  private long[] values = new long[1024];
  private int count;
  private boolean sorted;

  /** One more. */
  public void add(long nanos) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = nanos;
    sorted = false;
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** The value that this part of them does not exceed, in milliseconds; 0 if there are none. */
  public double percentile(double percent) {
    if (count == 0) {
      return 0;
    }
    if (!sorted) {
      Arrays.sort(values, 0, count);
      sorted = true;
    }
    int rank = (int) Math.ceil(percent / 100 * count);
    return values[Math.clamp(rank - 1, 0, count - 1)] / 1e6;
  }

  /** The largest, in milliseconds. */
  public double max() {
    return percentile(100);
  }
}
