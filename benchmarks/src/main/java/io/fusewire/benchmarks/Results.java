package io.fusewire.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * All measurements. A row is one measurement of each server at the same point, one right after the
 * other; only whole rows count.
 */
final class Results {
  /** One point's rows. */
  static final class Rows {
    private final List<Map<Variant, Sample>> rows = new ArrayList<>();
    private final Map<Integer, List<Map<Variant, Sample>>> byRound = new LinkedHashMap<>();
    private int rejected;

    private void add(int round, Map<Variant, Sample> row) {
      rows.add(row);
      byRound.computeIfAbsent(round, absent -> new ArrayList<>()).add(row);
    }

    int size() {
      return rows.size();
    }

    /** How many rows were thrown away because of other load. */
    int rejected() {
      return rejected;
    }

    Set<Variant> variants() {
      return rows.getFirst().keySet();
    }

    /** One figure of one server in every row. */
    double[] figures(Variant variant, ToDoubleFunction<Sample> figure) {
      return rows.stream().map(row -> row.get(variant)).mapToDouble(figure).toArray();
    }

    double median(Variant variant, ToDoubleFunction<Sample> figure) {
      return Statistics.median(figures(variant, figure));
    }

    double sum(Variant variant, ToDoubleFunction<Sample> figure) {
      return Arrays.stream(figures(variant, figure)).sum();
    }

    double max(Variant variant, ToDoubleFunction<Sample> figure) {
      return Arrays.stream(figures(variant, figure)).max().orElseThrow();
    }

    /** How many rounds gave at least one row. */
    int rounds() {
      return byRound.size();
    }

    /** The rows of these rounds: what one process measured several times belongs together. */
    private Rows drawn(int[] indices) {
      List<List<Map<Variant, Sample>>> rounds = List.copyOf(byRound.values());
      Rows some = new Rows();
      for (int index : indices) {
        some.rows.addAll(rounds.get(index));
      }
      return some;
    }

    /** The fastest server in C. */
    Variant floor() {
      return variants().stream()
          .filter(Variant::isFloor)
          .max(Comparator.comparingDouble(each -> median(each, Sample::operationsPerSecond)))
          .orElseThrow();
    }

    /** A figure of ours in relation to the floor's, by their medians. */
    double ratio(ToDoubleFunction<Sample> figure) {
      return median(Variant.FUSEWIRE, figure) / median(floor(), figure);
    }

    /** The interval of {@link #ratio}; which server is the floor is decided anew in each draw. */
    Statistics.Interval ratioInterval(ToDoubleFunction<Sample> figure, long seed) {
      return Statistics.bootstrap(rounds(), seed, indices -> drawn(indices).ratio(figure));
    }
  }

  private final Map<Point, Rows> points = new LinkedHashMap<>();

  /** Makes room for these points, in the order of the table. */
  Results(List<Point> all) {
    for (Point point : all) {
      points.put(point, new Rows());
    }
  }

  private Rows rowsOf(Point point) {
    return points.computeIfAbsent(point, absent -> new Rows());
  }

  void add(Point point, int round, Map<Variant, Sample> row) {
    rowsOf(point).add(round, row);
  }

  void reject(Point point) {
    rowsOf(point).rejected++;
  }

  /** The points with at least one row. */
  Map<Point, Rows> measured() {
    Map<Point, Rows> measured = new LinkedHashMap<>(points);
    measured.values().removeIf(rows -> rows.size() == 0);
    return measured;
  }
}
