package io.fusewire.dispatch;

/**
 * Between which bounds the number of requests in a store may adapt, and where it begins. Immutable.
 *
 * @param initial before anything is known of the store
 * @param minimum also when the store throttles
 * @param maximum also when more would be faster
 */
public record AdaptiveLimit(int initial, int minimum, int maximum) {
  /** The largest maximum. */
  public static final int MAXIMUM_MAX = 1 << 16;

  /** 16, between 4 and 1024: for a store across a network. */
  public static final AdaptiveLimit DEFAULT = new AdaptiveLimit(16, 4, 1024);

  /** Checks that 1 &lt;= minimum &lt;= initial &lt;= maximum &lt;= {@link #MAXIMUM_MAX}. */
  public AdaptiveLimit {
    if (minimum < 1) {
      throw new IllegalArgumentException(
          "minimum is " + minimum + ": give 1 or more, 4 suits most stores");
    }
    if (maximum < minimum || maximum > MAXIMUM_MAX) {
      throw new IllegalArgumentException(
          "maximum is " + maximum + ": give " + minimum + " (the minimum) to " + MAXIMUM_MAX);
    }
    if (initial < minimum || initial > maximum) {
      throw new IllegalArgumentException(
          "initial is "
              + initial
              + ": give "
              + minimum
              + " (the minimum) to "
              + maximum
              + " (the maximum)");
    }
  }

  /** Adapts between these; begins with the usual 16 or the bound that is nearest to it. */
  public static AdaptiveLimit between(int minimum, int maximum) {
    int usual = Math.max(minimum, Math.min(maximum, DEFAULT.initial));
    return new AdaptiveLimit(usual, minimum, maximum);
  }

  /** The same bounds with another beginning. */
  public AdaptiveLimit startingAt(int newInitial) {
    return new AdaptiveLimit(newInitial, minimum, maximum);
  }
}
