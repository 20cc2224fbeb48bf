package io.fusewire.benchmarks;

import java.util.Arrays;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/** Medians and how far they can be trusted. */
final class Statistics {
  private static final int RESAMPLES = 10_000;
  private static final double LOWER = 0.025;
  private static final double UPPER = 0.975;

  private Statistics() {}

  /** The middle of the values, the mean of the two middle ones if their number is even. */
  static double median(double[] values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no values");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /**
   * A 95 % interval.
   *
   * @param low its lower end
   * @param high its upper end
   */
  record Interval(double low, double high) {}

  /**
   * The bootstrap interval of a figure computed from rounds. Rounds are drawn as wholes, because
   * what was measured in one round belongs together.
   *
   * @param rounds how many there are
   * @param seed makes the interval the same each time
   * @param figure computes the figure from the indices of the drawn rounds
   */
  static Interval bootstrap(int rounds, long seed, ToDoubleFunction<int[]> figure) {
    Random random = new Random(seed);
    double[] figures = new double[RESAMPLES];
    int[] drawn = new int[rounds];
    for (int i = 0; i < RESAMPLES; i++) {
      for (int j = 0; j < rounds; j++) {
        drawn[j] = random.nextInt(rounds);
      }
      figures[i] = figure.applyAsDouble(drawn);
    }
    Arrays.sort(figures);
    return new Interval(
        figures[(int) (LOWER * (RESAMPLES - 1))], figures[(int) (UPPER * (RESAMPLES - 1))]);
  }
}
