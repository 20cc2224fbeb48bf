package io.fusewire.metrics;

import java.util.concurrent.TimeUnit;

/**
 * How often which time was taken, in nanoseconds. Any thread may record; nothing is allocated and
 * nothing is locked.
 *
 * <p>Times to 15 ns have a bucket each; above that each power of two has 8 buckets of the same
 * width, so that the middle of a bucket is at most 1/16 off. Longer times than an hour count as an
 * hour, negative ones as 0.
 */
public final class LatencyHistogram {
  private static final int BITS = 3;
  private static final int PER_OCTAVE = 1 << BITS;
  private static final int EXACT = 2 * PER_OCTAVE;
  private static final int STRIPES_MAX = 2;

  /** The longest time that is told apart: one hour. */
  public static final long NANOS_MAX = TimeUnit.HOURS.toNanos(1);

  static final int BUCKETS = bucketOf(NANOS_MAX) + 1;
  private static final int SUM = BUCKETS;
  private static final int MAX = BUCKETS + 1;

  private final Cells cells = new Cells(BUCKETS + 2, STRIPES_MAX);

  /** Makes an empty histogram; about 2.8 KB for each of at most two copies. */
  public LatencyHistogram() {}

  static int bucketOf(long nanos) {
    if (nanos < EXACT) {
      return (int) nanos;
    }
    int shift = Long.SIZE - 1 - Long.numberOfLeadingZeros(nanos) - BITS;
    return (shift << BITS) + (int) (nanos >>> shift);
  }

  /** The shortest time in a bucket. */
  static long lowest(int bucket) {
    if (bucket < EXACT) {
      return bucket;
    }
    int shift = (bucket >> BITS) - 1;
    return (long) (PER_OCTAVE + (bucket & (PER_OCTAVE - 1))) << shift;
  }

  /** The time that stands for all in a bucket. */
  static long middle(int bucket) {
    return (lowest(bucket) + lowest(bucket + 1) - 1) >>> 1;
  }

  /** One time. */
  public void record(long nanos) {
    record(nanos, 1);
  }

  /**
   * One time that stands for several.
   *
   * @param weight how many, at least 1
   */
  public void record(long nanos, long weight) {
    long time = Math.clamp(nanos, 0, NANOS_MAX);
    long[] mine = cells.mine();
    Cells.add(mine, bucketOf(time), weight);
    Cells.add(mine, SUM, time * weight);
    Cells.raise(mine, MAX, time);
  }

  /** What was recorded so far; records that come while it is taken may be in it in part. */
  public HistogramSnapshot snapshot() {
    long[] counts = new long[BUCKETS];
    for (int i = 0; i < BUCKETS; i++) {
      counts[i] = cells.sum(i);
    }
    return new HistogramSnapshot(counts, cells.sum(SUM), cells.max(MAX));
  }
}
