package io.fusewire.benchmarks;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The results as Markdown. */
final class Report {
  /** The least share of the floor's operations per second. */
  private static final double RATE_GOAL = 0.9;

  /** The most CPU time in relation to the floor's. */
  private static final double CPU_GOAL = 1.2;

  private final Settings settings;
  private final Conditions conditions;
  private final Results results;
  private final Map<Point, Results.Rows> points;
  private final List<Variant> variants;
  private final Markdown text = new Markdown();

  Report(Settings settings, Conditions conditions, Results results) {
    this.settings = settings;
    this.conditions = conditions;
    this.results = results;
    this.points = results.measured();
    this.variants = settings.variants;
  }

  /** All tables. */
  String text() throws IOException {
    conditions.addTo(text);
    if (variants.contains(Variant.FUSEWIRE)) {
      comparison();
    }
    details();
    processes();
    return text.text();
  }

  private void comparison() {
    text.title("Fusewire against the floor");
    text.line("The floor is the fastest of the servers in C at the point. The goal is at least");
    text.line(RATE_GOAL + " of its rate and at most " + CPU_GOAL + " of its server CPU time.");
    text.line("Numbers are medians, ratios are ratios of medians.");
    text.line("");
    text.header(
        "point",
        "floor",
        "floor ops/s",
        "Fusewire ops/s",
        "ratio (interval)",
        "floor CPU us/op",
        "Fusewire CPU us/op",
        "ratio (interval)",
        "heap bytes/request",
        "goal");
    points.forEach(this::comparisonRow);
  }

  private void comparisonRow(Point point, Results.Rows rows) {
    Variant floor = rows.floor();
    boolean met =
        rows.ratio(Sample::operationsPerSecond) >= RATE_GOAL
            && rows.ratio(Sample::serverMicros) <= CPU_GOAL;
    text.row(
        point.toString(),
        floor.label(),
        Markdown.number(rows.median(floor, Sample::operationsPerSecond)),
        Markdown.number(rows.median(Variant.FUSEWIRE, Sample::operationsPerSecond)),
        ratio(rows, Sample::operationsPerSecond),
        Markdown.number(rows.median(floor, Sample::serverMicros)),
        Markdown.number(rows.median(Variant.FUSEWIRE, Sample::serverMicros)),
        ratio(rows, Sample::serverMicros),
        heap(rows),
        met ? "met" : "**missed**");
  }

  private String ratio(Results.Rows rows, ToDoubleFunction<Sample> figure) {
    Statistics.Interval interval = rows.ratioInterval(figure, settings.seed);
    return Markdown.ratio(rows.ratio(figure), interval);
  }

  private static String heap(Results.Rows rows) {
    double bytes = rows.sum(Variant.FUSEWIRE, Sample::heapBytes);
    double requests = rows.sum(Variant.FUSEWIRE, Sample::requests);
    return Markdown.heap(bytes, requests);
  }

  private void details() {
    text.title("Every server");
    text.line("Medians; in brackets the smallest and the largest row.");
    text.line("");
    text.header(
        "point",
        "server",
        "ops/s",
        "p50 us",
        "p99 us",
        "p99.9 us",
        "server CPU us/op",
        "client CPU us/op",
        "switches/op",
        "reads + writes/op",
        "requests/op",
        "rows (rejected)");
    points.forEach((point, rows) -> variants.forEach(variant -> detailRow(point, rows, variant)));
  }

  private void detailRow(Point point, Results.Rows rows, Variant variant) {
    text.row(
        point.toString(),
        variant.label(),
        Markdown.spread(rows.figures(variant, Sample::operationsPerSecond)),
        clientMedian(rows, variant, "p50Micros"),
        clientMedian(rows, variant, "p99Micros"),
        clientMedian(rows, variant, "p999Micros"),
        Markdown.spread(rows.figures(variant, Sample::serverMicros)),
        clientMedian(rows, variant, "clientMicrosPerOp"),
        clientMedian(rows, variant, "serverSwitchesPerOp"),
        clientMedian(rows, variant, "serverCallsPerOp"),
        Markdown.number(rows.median(variant, Sample::requestsPerOperation)),
        rows.size() + " (" + rows.rejected() + ")");
  }

  private static String clientMedian(Results.Rows rows, Variant variant, String name) {
    return Markdown.number(rows.median(variant, sample -> sample.client().get(name)));
  }

  private void processes() {
    text.title("Processes");
    text.header(
        "server",
        "peak memory MiB",
        "threads",
        "requests",
        "heap bytes",
        "collections",
        "compiling ms");
    for (Variant variant : variants) {
      text.row(
          variant.label(),
          Markdown.number(results.peak(variant, "serverPeakKilobytes") / 1024),
          Markdown.count(results.peak(variant, "serverThreads")),
          Markdown.count(results.total(variant, Sample::requests)),
          Markdown.count(results.total(variant, Sample::heapBytes)),
          Markdown.count(results.total(variant, Sample::collections)),
          Markdown.count(results.total(variant, Sample::compilationMillis)));
    }
  }
}
