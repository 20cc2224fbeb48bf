package io.fusewire.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

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

    /** The servers that were measured at least once. */
    Set<Variant> variants() {
      Set<Variant> variants = new LinkedHashSet<>();
      rows.forEach(row -> variants.addAll(row.keySet()));
      return variants;
    }

    /** The rows that have all of these servers. */
    Rows having(Collection<Variant> wanted) {
      Rows some = new Rows();
      byRound.forEach(
          (round, all) ->
              all.stream()
                  .filter(row -> row.keySet().containsAll(wanted))
                  .forEach(row -> some.add(round, row)));
      return some;
    }

    /** One figure of one server in every row. */
    double[] figures(Variant variant, ToDoubleFunction<Sample> figure) {
      return rows.stream()
          .map(row -> row.get(variant))
          .filter(Objects::nonNull)
          .mapToDouble(figure)
          .toArray();
    }

    /** What others took of the machine beside each measurement of this server, in percent. */
    DoubleStream noise(Variant variant) {
      return Arrays.stream(figures(variant, Sample::noisePercent));
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

    /** The fastest of these servers. */
    Variant fastest(Collection<Variant> of) {
      return of.stream()
          .max(Comparator.comparingDouble(each -> median(each, Sample::operationsPerSecond)))
          .orElseThrow();
    }

    /** The fastest server in C. */
    Variant floor() {
      return fastest(variants().stream().filter(Variant::isFloor).toList());
    }

    /** A figure of ours in relation to the floor's, by their medians. */
    double ratio(ToDoubleFunction<Sample> figure) {
      return median(Variant.FUSEWIRE, figure) / median(floor(), figure);
    }

    /** The interval of {@link #ratio}; which server is the floor is decided anew in each draw. */
    Statistics.Interval ratioInterval(ToDoubleFunction<Sample> figure, long seed) {
      return interval(rows -> rows.ratio(figure), seed);
    }

    /** The interval of a figure computed from rows. */
    Statistics.Interval interval(ToDoubleFunction<Rows> figure, long seed) {
      return Statistics.bootstrap(rounds(), seed, indices -> figure.applyAsDouble(drawn(indices)));
    }
  }

  private final Map<Point, Rows> points = new LinkedHashMap<>();
  private final Map<String, Double> requests = new HashMap<>();
  private final List<String> runs = new ArrayList<>();

  /** Makes room for these points, in the order of the table. */
  Results(List<Point> all) {
    for (Point point : all) {
      points.put(point, new Rows());
    }
  }

  /** Notes a run that measured. */
  void run(String when, String commandLine) {
    runs.add(when + ": `" + commandLine + "`");
  }

  /** The runs that measured, each with its time and command. */
  List<String> runs() {
    return List.copyOf(runs);
  }

  /** Adds how many requests one operation takes, as the kernel counted. */
  void requests(Variant variant, String workload, double number) {
    requests.put(variant + " " + workload, number);
  }

  /** How many requests one operation takes; NaN where that was not counted. */
  double requests(Variant variant, Point point) {
    return requests.getOrDefault(variant + " " + point.workload(), Double.NaN);
  }

  /** Adds a row of an earlier run if its point is among those of this one. */
  void addIfWanted(Point point, int round, Map<Variant, Sample> row) {
    Rows rows = points.get(point);
    if (rows != null) {
      rows.add(round, row);
    }
  }

  private Rows rowsOf(Point point) {
    return points.computeIfAbsent(point, absent -> new Rows());
  }

  void add(Point point, int round, Map<Variant, Sample> row) {
    rowsOf(point).add(round, row);
  }

  /** The number that the next round gets. */
  int nextRound() {
    return points.values().stream()
        .flatMap(rows -> rows.byRound.keySet().stream())
        .mapToInt(round -> round + 1)
        .max()
        .orElse(0);
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

  /** The sum of a figure of one server over all of its measurements. */
  double total(Variant variant, ToDoubleFunction<Sample> figure) {
    return measured().values().stream().mapToDouble(rows -> rows.sum(variant, figure)).sum();
  }

  /** The largest of what the client counted under this name beside one server; 0 if nothing. */
  double peak(Variant variant, String name) {
    return measured().values().stream()
        .filter(rows -> rows.variants().contains(variant))
        .mapToDouble(rows -> rows.max(variant, sample -> sample.client().get(name)))
        .max()
        .orElse(0);
  }
}
