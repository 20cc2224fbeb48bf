package io.fusewire.benchmarks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class ResultsTest {
  private static final Point POINT = new Point("stat", 8);

  private static Sample sample(double rate, double micros) {
    return new Sample(
        new Numbers(Map.of("opsPerSecond", rate, "serverMicrosPerOp", micros)), 0, 0, 0, 0, 0);
  }

  private static Results.Rows rows(double... ours) {
    Results results = new Results(List.of(POINT));
    int round = 0;
    for (double rate : ours) {
      results.add(
          POINT,
          round++,
          Map.of(
              Variant.ONE_READER, sample(80, 4),
              Variant.TWO_READERS, sample(100, 5),
              Variant.READING_DUTY, sample(90, 3),
              Variant.FUSEWIRE, sample(rate, 6)));
    }
    return requireNonNull(results.measured().get(POINT));
  }

  @Test
  void theFloorIsTheFastestServerInC() {
    assertThat(rows(1000).floor()).isEqualTo(Variant.TWO_READERS);
  }

  @Test
  void ratiosAreRatiosOfMediansToTheFloor() {
    Results.Rows rows = rows(95, 10, 120);
    assertThat(rows.ratio(Sample::operationsPerSecond)).isCloseTo(0.95, within(1e-9));
    assertThat(rows.ratio(Sample::serverMicros)).isCloseTo(1.2, within(1e-9));
  }

  @Test
  void theIntervalCoversTheRatioAndStaysWithinTheRounds() {
    Results.Rows rows = rows(95, 90, 120, 97, 99);
    Statistics.Interval interval = rows.ratioInterval(Sample::operationsPerSecond, 1);
    assertThat(interval.low()).isBetween(0.9, 0.97);
    assertThat(interval.high()).isBetween(0.97, 1.2);
  }

  @Test
  void rowsOfOneRoundAreDrawnTogether() {
    Results results = new Results(List.of(POINT));
    for (double rate : new double[] {90, 95, 120}) {
      results.add(
          POINT, 0, Map.of(Variant.TWO_READERS, sample(100, 5), Variant.FUSEWIRE, sample(rate, 6)));
    }
    Results.Rows rows = requireNonNull(results.measured().get(POINT));
    assertThat(rows.size()).isEqualTo(3);
    assertThat(rows.ratioInterval(Sample::operationsPerSecond, 1))
        .isEqualTo(new Statistics.Interval(0.95, 0.95));
  }

  @Test
  void pointsWithoutRowsAreLeftOut() {
    Results results = new Results(List.of(POINT));
    results.reject(POINT);
    assertThat(results.measured()).isEmpty();
  }
}
