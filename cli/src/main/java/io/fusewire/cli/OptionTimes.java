package io.fusewire.cli;

import io.fusewire.raw.Timeouts;

/** Collects {@code attr_timeout=} and {@code entry_timeout=}, in seconds with decimals. */
final class OptionTimes {
  private static final double NANOS = 1e9;
  private static final double SECONDS_MAX = 1e9;

  private Timeouts times;

  OptionTimes(Timeouts defaults) {
    times = defaults;
  }

  /** Takes one option. */
  void set(String option) {
    int equals = option.indexOf('=');
    double seconds;
    try {
      seconds = Double.parseDouble(option.substring(equals + 1));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(option + ": a number of seconds is needed", e);
    }
    if (!(seconds >= 0)) {
      throw new IllegalArgumentException(option + ": a time-out cannot be negative");
    }
    long nanos = (long) (Math.min(seconds, SECONDS_MAX) * NANOS);
    times =
        option.startsWith("attr_timeout")
            ? new Timeouts(times.entryNanos(), nanos)
            : new Timeouts(nanos, times.attributeNanos());
  }

  Timeouts get() {
    return times;
  }
}
