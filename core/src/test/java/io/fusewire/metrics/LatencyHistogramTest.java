package io.fusewire.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the histogram says, beside what an exact one says. */
@Timeout(60)
class LatencyHistogramTest {
  private static final double OFF_MAX = 1.0 / 16;
  private static final double[] PERCENTS = {0, 1, 10, 50, 90, 95, 99, 99.9, 99.99, 100};
  private static final int MANY = 200_000;
  private static final int THREADS = 4;

  @Test
  void bucketsFollowEachOtherAndTheirMiddleIsAtMostASixteenthOff() {
    for (int bucket = 0; bucket < LatencyHistogram.BUCKETS; bucket++) {
      long low = LatencyHistogram.lowest(bucket);
      long high = LatencyHistogram.lowest(bucket + 1) - 1;
      long middle = LatencyHistogram.middle(bucket);
      assertThat(high).isGreaterThanOrEqualTo(low);
      assertThat(LatencyHistogram.bucketOf(low)).isEqualTo(bucket);
      assertThat(LatencyHistogram.bucketOf(high)).isEqualTo(bucket);
      assertThat((double) (middle - low)).isLessThanOrEqualTo(low * OFF_MAX);
      assertThat((double) (high - middle)).isLessThanOrEqualTo(high * OFF_MAX);
    }
  }

  @Test
  void percentilesAreThoseOfAnExactHistogramOnRandomTimes() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 8; round++) {
      LatencyHistogram ours = new LatencyHistogram();
      Histogram exact = new Histogram(LatencyHistogram.NANOS_MAX, 5);
      double octaves = 5 + random.nextInt(35);
      long sum = 0;
      for (int i = 0; i < MANY; i++) {
        long nanos = (long) Math.pow(2, random.nextDouble() * octaves);
        int weight = 1 + random.nextInt(3);
        ours.record(nanos, weight);
        exact.recordValueWithCount(nanos, weight);
        sum += nanos * weight;
      }
      HistogramSnapshot snapshot = ours.snapshot();
      assertThat(snapshot.count()).isEqualTo(exact.getTotalCount());
      assertThat(snapshot.sumNanos()).isEqualTo(sum);
      assertThat(snapshot.mean()).isEqualTo((double) sum / snapshot.count());
      for (double percent : PERCENTS) {
        double expected = exact.getValueAtPercentile(percent);
        assertThat((double) snapshot.percentile(percent))
            .as("seed %d, %s %%", seed, percent)
            .isCloseTo(expected, within(1 + expected * (OFF_MAX + 0.0001)));
      }
    }
  }

  @Test
  void theLongestTimeIsExactAndNoPercentileIsAboveIt() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(1_000_001);
    histogram.record(5);
    HistogramSnapshot snapshot = histogram.snapshot();
    assertThat(snapshot.max()).isEqualTo(1_000_001);
    assertThat(snapshot.percentile(100)).isLessThanOrEqualTo(1_000_001);
    assertThat(snapshot.percentile(50)).isEqualTo(5);
  }

  @Test
  void timesOutsideTheRangeCountAsItsEnds() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(Long.MAX_VALUE);
    histogram.record(Long.MIN_VALUE);
    HistogramSnapshot snapshot = histogram.snapshot();
    assertThat(snapshot.count()).isEqualTo(2);
    assertThat(snapshot.sumNanos()).isEqualTo(LatencyHistogram.NANOS_MAX);
    assertThat(snapshot.max()).isEqualTo(LatencyHistogram.NANOS_MAX);
    assertThat(snapshot.percentile(50)).isZero();
  }

  @Test
  void nothingRecordedIsAllZero() {
    HistogramSnapshot snapshot = new LatencyHistogram().snapshot();
    assertThat(snapshot.count()).isZero();
    assertThat(snapshot.mean()).isZero();
    assertThat(snapshot.max()).isZero();
    assertThat(snapshot.percentile(99.9)).isZero();
    assertThat(snapshot.minus(HistogramSnapshot.EMPTY).max()).isZero();
  }

  @Test
  void whatIsNoPercentageIsRefused() {
    for (double percent : new double[] {-0.1, 100.1, Double.NaN}) {
      assertThatThrownBy(() -> HistogramSnapshot.EMPTY.percentile(percent))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(String.valueOf(percent));
    }
  }

  @Test
  void anIntervalHoldsWhatCameAfterTheEarlierSnapshot() {
    LatencyHistogram histogram = new LatencyHistogram();
    histogram.record(1_000_000, 100);
    HistogramSnapshot earlier = histogram.snapshot();
    histogram.record(12, 3);
    histogram.record(2000);
    HistogramSnapshot between = histogram.snapshot().minus(earlier);
    assertThat(between.count()).isEqualTo(4);
    assertThat(between.sumNanos()).isEqualTo(2036);
    assertThat(between.percentile(50)).isEqualTo(12);
    assertThat((double) between.max()).isCloseTo(2000, within(2000 * OFF_MAX));
  }

  @Test
  void twoHistogramsTogetherHoldTheTimesOfBoth() {
    LatencyHistogram one = new LatencyHistogram();
    LatencyHistogram two = new LatencyHistogram();
    one.record(3, 2);
    two.record(9);
    HistogramSnapshot both = one.snapshot().plus(two.snapshot());
    assertThat(both.count()).isEqualTo(3);
    assertThat(both.sumNanos()).isEqualTo(15);
    assertThat(both.max()).isEqualTo(9);
    assertThat(both.percentile(50)).isEqualTo(3);
    assertThat(both).hasToString("count 3, p50 3 ns, p95 9 ns, p99 9 ns, p99.9 9 ns, max 9 ns");
  }

  @Test
  void nothingIsLostWhenThreadsRecordTogether() throws Exception {
    LatencyHistogram histogram = new LatencyHistogram();
    long steps = Together.run(THREADS, MANY, index -> histogram.record(1000L * index + 5, 2));
    HistogramSnapshot snapshot = histogram.snapshot();
    assertThat(snapshot.count()).isEqualTo(2 * steps);
    assertThat(snapshot.sumNanos() % 1000).isEqualTo(2 * steps * 5 % 1000);
    assertThat(snapshot.max()).isEqualTo(3005);
  }
}
