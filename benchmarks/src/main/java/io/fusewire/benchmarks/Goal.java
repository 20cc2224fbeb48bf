package io.fusewire.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One thing that Fusewire wants to reach. Of several servers the fastest at the point counts.
 *
 * @param text what is wanted
 * @param ours servers of ours
 * @param theirs what they are compared with
 * @param figure what is compared
 * @param bound the ratio that is wanted
 * @param atMost whether the ratio may not be higher, instead of not lower
 * @param rawC servers in C whose own ratio stands beside it; where even they miss the bound, {@link
 *     #SHARE_OF_RAW_C} of theirs is enough
 */
record Goal(
    String text,
    List<Variant> ours,
    List<Variant> theirs,
    Figure figure,
    double bound,
    boolean atMost,
    List<Variant> rawC) {
  static final double SHARE_OF_RAW_C = 0.97;

  /** What can be compared. */
  enum Figure {
    RATE("ops/s"),
    CPU("server CPU"),
    P99("p99");

    private final String label;

    Figure(String label) {
      this.label = label;
    }

    String label() {
      return label;
    }

    double of(Sample sample) {
      return switch (this) {
        case RATE -> sample.operationsPerSecond();
        case CPU -> sample.serverMicros();
        case P99 -> sample.client().get("p99Micros");
      };
    }
  }

  /**
   * How it went at a point.
   *
   * @param ours the server that counted
   * @param theirs the one it was compared with
   * @param ratio by medians
   * @param interval of the ratio
   * @param rawC the ratio of the fastest C, if asked for
   * @param shareOfRawC ours in relation to the fastest C, if asked for
   * @param rows how many rows it rests on
   */
  record Outcome(
      Variant ours,
      Variant theirs,
      double ratio,
      Statistics.Interval interval,
      Optional<Double> rawC,
      Optional<Double> shareOfRawC,
      int rows) {}

  /** A goal in operations per second. */
  static Goal atLeast(
      String text, double bound, List<Variant> ours, List<Variant> theirs, List<Variant> rawC) {
    return new Goal(text, ours, theirs, Figure.RATE, bound, false, rawC);
  }

  /** A goal in something of which less is better. */
  static Goal atMost(
      String text, Figure figure, double bound, List<Variant> ours, List<Variant> theirs) {
    return new Goal(text, ours, theirs, figure, bound, true, List.of());
  }

  /** How it went; empty when one of the two sides was not measured. */
  Optional<Outcome> outcome(Results.Rows all, long seed) {
    Set<Variant> measured = all.variants();
    List<Variant> left = ours.stream().filter(measured::contains).toList();
    List<Variant> right = theirs.stream().filter(measured::contains).toList();
    List<Variant> inC = rawC.stream().filter(measured::contains).toList();
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    List<Variant> needed = new ArrayList<>(left);
    needed.addAll(right);
    needed.addAll(inC);
    Results.Rows rows = all.having(needed);
    if (rows.size() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Outcome(
            rows.fastest(left),
            rows.fastest(right),
            ratio(rows, left, right),
            rows.interval(drawn -> ratio(drawn, left, right), seed),
            inC.isEmpty() ? Optional.empty() : Optional.of(ratio(rows, inC, right)),
            inC.isEmpty() ? Optional.empty() : Optional.of(ratio(rows, left, inC)),
            rows.size()));
  }

  private double ratio(Results.Rows rows, List<Variant> left, List<Variant> right) {
    return rows.median(rows.fastest(left), figure::of)
        / rows.median(rows.fastest(right), figure::of);
  }

  /** In a word, whether it was reached. */
  String verdict(Outcome outcome) {
    boolean met = atMost ? outcome.interval().high() <= bound : outcome.interval().low() >= bound;
    if (met) {
      return "met";
    }
    boolean asFastAsC =
        outcome.rawC().filter(c -> c < bound).isPresent()
            && outcome.shareOfRawC().filter(share -> share >= SHARE_OF_RAW_C).isPresent();
    return asFastAsC ? "met: C does not reach it" : "**missed**";
  }

  /** The bound with its sign. */
  String wanted() {
    return (atMost ? "at most " : "at least ") + String.format(Locale.ROOT, "%.4g", bound);
  }
}
