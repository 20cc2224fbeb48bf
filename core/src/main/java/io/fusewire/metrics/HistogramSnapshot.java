package io.fusewire.metrics;

import java.util.Arrays;
import java.util.Locale;

/** What a {@link LatencyHistogram} held at one moment, or between two. Times are nanoseconds. */
public final class HistogramSnapshot {
  /** Nothing was recorded. */
  public static final HistogramSnapshot EMPTY =
      new HistogramSnapshot(new long[LatencyHistogram.BUCKETS], 0, 0);

  private final long[] counts;
  private final long count;
  private final long sumNanos;
  private final long max;

  /** Keeps the array. */
  HistogramSnapshot(long[] counts, long sumNanos, long max) {
    this.counts = counts;
    this.count = Arrays.stream(counts).sum();
    this.sumNanos = sumNanos;
    this.max = max;
  }

  /** How many times were recorded, with their weights. */
  public long count() {
    return count;
  }

  /** The sum of all times, exact. */
  public long sumNanos() {
    return sumNanos;
  }

  /** The longest time: exact since the beginning, at most 1/16 off after {@link #minus}. */
  public long max() {
    return max;
  }

  /** The mean time, exact; 0 when there is none. */
  public double mean() {
    return count == 0 ? 0 : (double) sumNanos / count;
  }

  /**
   * The time that this part of the requests did not exceed, at most 1/16 off; 0 when there is none.
   *
   * @param percent 0 to 100, such as 99.9
   * @throws IllegalArgumentException when it is not in this range
   */
  public long percentile(double percent) {
    if (!(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException("not a percentage: " + percent);
    }
    if (count == 0) {
      return 0;
    }
    long rank = Math.clamp((long) Math.ceil(percent / 100 * count), 1, count);
    long below = 0;
    int bucket = 0;
    while ((below += counts[bucket]) < rank) {
      bucket++;
    }
    return Math.min(LatencyHistogram.middle(bucket), max);
  }

  /** What was recorded after an earlier snapshot of the same histogram. */
  public HistogramSnapshot minus(HistogramSnapshot earlier) {
    long[] difference = new long[counts.length];
    int last = -1;
    for (int i = 0; i < counts.length; i++) {
      difference[i] = Math.max(0, counts[i] - earlier.counts[i]);
      if (difference[i] > 0) {
        last = i;
      }
    }
    long longest = last < 0 ? 0 : Math.min(LatencyHistogram.middle(last), max);
    return new HistogramSnapshot(difference, Math.max(0, sumNanos - earlier.sumNanos), longest);
  }

  /** Both together, of different histograms. */
  public HistogramSnapshot plus(HistogramSnapshot other) {
    long[] both = counts.clone();
    for (int i = 0; i < both.length; i++) {
      both[i] += other.counts[i];
    }
    return new HistogramSnapshot(both, sumNanos + other.sumNanos, Math.max(max, other.max));
  }

  /** Count, percentiles and longest time in one line. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "count %d, p50 %s, p95 %s, p99 %s, p99.9 %s, max %s",
        count,
        MetricsText.time(percentile(50)),
        MetricsText.time(percentile(95)),
        MetricsText.time(percentile(99)),
        MetricsText.time(percentile(99.9)),
        MetricsText.time(max));
  }
}
