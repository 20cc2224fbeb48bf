package io.fusewire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class StatisticsTest {
  private static final double[] VALUES = {9, 1, 5, 3, 7};

  @Test
  void medianIsTheMiddleValue() {
    assertThat(Statistics.median(VALUES)).isEqualTo(5);
    assertThat(VALUES).containsExactly(9, 1, 5, 3, 7);
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Statistics.median(new double[] {1, 2, 10, 4})).isEqualTo(3);
  }

  @Test
  void medianOfNothingIsRefused() {
    assertThatThrownBy(() -> Statistics.median(new double[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void bootstrapOfEqualRoundsHasNoWidth() {
    assertThat(Statistics.bootstrap(5, 1, drawn -> 2.5))
        .isEqualTo(new Statistics.Interval(2.5, 2.5));
  }

  @Test
  void bootstrapOfTheMeanHasTheWidthOfTheNormalDistribution() {
    int rounds = 400;
    Statistics.Interval interval =
        Statistics.bootstrap(rounds, 7, drawn -> Arrays.stream(drawn).average().orElseThrow());
    // The mean of uniform integers below n: standard error about n / sqrt(12 n).
    double error = rounds / Math.sqrt(12.0 * rounds);
    assertThat(interval.low()).isCloseTo(199.5 - 1.96 * error, within(2.0));
    assertThat(interval.high()).isCloseTo(199.5 + 1.96 * error, within(2.0));
  }

  @Test
  void bootstrapIsTheSameForTheSameSeed() {
    Statistics.Interval first = Statistics.bootstrap(9, 3, drawn -> drawn[0] + drawn[8]);
    Statistics.Interval second = Statistics.bootstrap(9, 3, drawn -> drawn[0] + drawn[8]);
    assertThat(first).isEqualTo(second);
  }
}
