package io.fusewire.benchmarks;

import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;

/** Text with tables. */
final class Markdown {
  private static final int SHORT_NUMBER = 100;

  private final StringBuilder text = new StringBuilder();

  String text() {
    return text.toString();
  }

  void line(String content) {
    text.append(content).append('\n');
  }

  void title(String title) {
    line("");
    line("### " + title);
    line("");
  }

  void header(String... columns) {
    row(columns);
    row(Collections.nCopies(columns.length, "---").toArray(new String[0]));
  }

  void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  /** A ratio and its interval. */
  static String ratio(double ratio, Statistics.Interval interval) {
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", ratio, interval.low(), interval.high());
  }

  /** The median; in brackets the smallest and the largest. */
  static String spread(double[] values) {
    double smallest = Arrays.stream(values).min().orElseThrow();
    double largest = Arrays.stream(values).max().orElseThrow();
    return number(Statistics.median(values))
        + " ("
        + number(smallest)
        + " to "
        + number(largest)
        + ")";
  }

  static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  static String number(double value) {
    return value < SHORT_NUMBER ? String.format(Locale.ROOT, "%.2f", value) : count(value);
  }

  /** Bytes for each request; plain 0 only if not one was allocated. */
  static String heap(double bytes, double requests) {
    return bytes == 0 ? "0" : String.format(Locale.ROOT, "%.6f", bytes / requests);
  }
}
