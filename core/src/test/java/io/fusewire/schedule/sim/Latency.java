package io.fusewire.schedule.sim;

import java.util.random.RandomGenerator;

/** A law of service times, in nanoseconds. */
@FunctionalInterface
public interface Latency {
  /** One service time. */
  long sample(RandomGenerator random);

  /** Log-normal with this mean; sigma 0.5 to 0.8 is what stores across a network show. */
  static Latency logNormal(double meanMillis, double sigma) {
    double median = meanMillis * 1e6 * Math.exp(-sigma * sigma / 2);
    return random -> (long) (median * Math.exp(sigma * random.nextGaussian()));
  }

  /** Pareto with this mean; alpha above 1, and below 2 without a variance. */
  static Latency pareto(double meanMillis, double alpha) {
    double least = meanMillis * 1e6 * (alpha - 1) / alpha;
    return random -> (long) (least / Math.pow(1 - random.nextDouble(), 1 / alpha));
  }

  /** Either of two log-normal ones, the slow one with this probability. */
  static Latency bimodal(double fastMillis, double slowMillis, double slowShare) {
    Latency fast = logNormal(fastMillis, 0.3);
    Latency slow = logNormal(slowMillis, 0.3);
    return random -> (random.nextDouble() < slowShare ? slow : fast).sample(random);
  }
}
