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
    double seconds;
    try {
      seconds = Double.parseDouble(OptionValue.value(option));
    } catch (NumberFormatException e) {
      throw OptionValue.wrong(option, "a number of seconds, such as 1 or 0.5");
    }
    if (!(seconds >= 0)) {
      throw OptionValue.wrong(option, "0 seconds or more");
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
