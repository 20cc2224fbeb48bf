package io.fusewire.dispatch;

import io.fusewire.raw.RequestClass;
import java.time.Duration;

/**
 * How the classes of requests share a store when requests wait.
 *
 * @param metadata names, attributes, opening and closing
 * @param foreground data that a caller waits for
 * @param background what the kernel writes back from its cache
 */
public record ClassSettings(Share metadata, Share foreground, Share background) {
  /** The largest weight. */
  public static final int WEIGHT_MAX = 1000;

  private static final Duration TARGET_MAX = Duration.ofHours(1);

  /** 8 : 4 : 1, with 10, 50 and 500 ms. */
  public static final ClassSettings DEFAULT =
      new ClassSettings(
          new Share(8, Duration.ofMillis(10)),
          new Share(4, Duration.ofMillis(50)),
          new Share(1, Duration.ofMillis(500)));

  /**
   * One class.
   *
   * @param weight its share of the cost units served while all classes wait, 1 to 1000
   * @param target how long a request of it should wait at most; one that has waited four times as
   *     long is overdue and goes ahead of the weights
   */
  public record Share(int weight, Duration target) {
    /** Checks the ranges. */
    public Share {
      if (weight < 1 || weight > WEIGHT_MAX) {
        throw new IllegalArgumentException(
            "weight is " + weight + ": give 1 to " + WEIGHT_MAX + ", larger for more");
      }
      if (target.isNegative() || target.isZero() || target.compareTo(TARGET_MAX) > 0) {
        throw new IllegalArgumentException(
            "target is " + target + ": give more than nothing and at most " + TARGET_MAX);
      }
    }
  }

  /** The share of a class that can wait; CONTROL never does. */
  public Share of(RequestClass requestClass) {
    return switch (requestClass) {
      case METADATA -> metadata;
      case FOREGROUND -> foreground;
      case BACKGROUND -> background;
      case CONTROL -> throw new IllegalArgumentException("CONTROL requests have no share");
    };
  }
}
