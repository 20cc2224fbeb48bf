package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The results as Markdown. */
final class Report {
  /** The least share of the floor's operations per second. */
  private static final double RATE_GOAL = 0.9;

  /** The most CPU time in relation to the floor's. */
  private static final double CPU_GOAL = 1.2;

  private static final int SHORT_NUMBER = 100;

  private final Settings settings;
  private final Cpus cpus;
  private final Map<Point, Results.Rows> points;
  private final Set<Variant> variants;
  private final StringBuilder text = new StringBuilder();

  Report(Settings settings, Cpus cpus, Results results) {
    this.settings = settings;
    this.cpus = cpus;
    this.points = results.measured();
    this.variants = settings.variants;
  }

  /** All tables. */
  String text() throws IOException {
    conditions();
    if (variants.contains(Variant.FUSEWIRE)) {
      comparison();
    }
    details();
    processes();
    return text.toString();
  }

  private void line(String content) {
    text.append(content).append('\n');
  }

  private void title(String title) {
    line("");
    line("### " + title);
    line("");
  }

  private void header(String... columns) {
    row(columns);
    row(Collections.nCopies(columns.length, "---").toArray(new String[0]));
  }

  private void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  private void conditions() throws IOException {
    line("- Command: `" + settings.commandLine + "`");
    line(
        "- "
            + settings.rounds
            + " rounds of "
            + settings.rows
            + " rows, "
            + settings.seconds
            + " s for each server at each point; rows beside which others used "
            + settings.noisePercent
            + " % of the machine or more are thrown away");
    line("- Intervals: 95 %, bootstrap over the rounds, seed " + settings.seed);
    line("- Linux " + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    line("- " + Runtime.getRuntime().availableProcessors() + " CPUs, " + processorModel());
    line("- Java " + System.getProperty("java.vm.version"));
    line("- JVM options: " + String.join(" ", Compare.JVM_OPTIONS) + moreJavaOptions());
    line("- Transport /dev/fuse, max_write 1 MiB, " + settings.readers + " readers in Fusewire");
    line(
        "- 1 client thread: client and server on CPU "
            + cpus.first()
            + "; more threads: on CPUs "
            + cpus.all());
  }

  private String moreJavaOptions() {
    return settings.javaOptions.isEmpty() ? "" : " " + String.join(" ", settings.javaOptions);
  }

  private static String processorModel() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private void comparison() {
    title("Fusewire against the floor");
    line("The floor is the fastest of the servers in C at the point. The goal is at least");
    line(RATE_GOAL + " of its rate and at most " + CPU_GOAL + " of its server CPU time.");
    line("Numbers are medians, ratios are ratios of medians.");
    line("");
    header(
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
    row(
        point.toString(),
        floor.label(),
        number(rows.median(floor, Sample::operationsPerSecond)),
        number(rows.median(Variant.FUSEWIRE, Sample::operationsPerSecond)),
        ratio(rows, Sample::operationsPerSecond),
        number(rows.median(floor, Sample::serverMicros)),
        number(rows.median(Variant.FUSEWIRE, Sample::serverMicros)),
        ratio(rows, Sample::serverMicros),
        heap(rows),
        met ? "met" : "**missed**");
  }

  private String ratio(Results.Rows rows, ToDoubleFunction<Sample> figure) {
    Statistics.Interval interval = rows.ratioInterval(figure, settings.seed);
    return String.format(
        Locale.ROOT, "%.2f (%.2f to %.2f)", rows.ratio(figure), interval.low(), interval.high());
  }

  /** Plain 0 only if not one byte was allocated. */
  private static String heap(Results.Rows rows) {
    double bytes = rows.sum(Variant.FUSEWIRE, Sample::heapBytes);
    double requests = rows.sum(Variant.FUSEWIRE, Sample::requests);
    return bytes == 0 ? "0" : String.format(Locale.ROOT, "%.6f", bytes / requests);
  }

  private void details() {
    title("Every server");
    line("Medians; in brackets the smallest and the largest row.");
    line("");
    header(
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
    row(
        point.toString(),
        variant.label(),
        spread(rows.figures(variant, Sample::operationsPerSecond)),
        clientMedian(rows, variant, "p50Micros"),
        clientMedian(rows, variant, "p99Micros"),
        clientMedian(rows, variant, "p999Micros"),
        spread(rows.figures(variant, Sample::serverMicros)),
        clientMedian(rows, variant, "clientMicrosPerOp"),
        clientMedian(rows, variant, "serverSwitchesPerOp"),
        clientMedian(rows, variant, "serverCallsPerOp"),
        number(rows.median(variant, Sample::requestsPerOperation)),
        rows.size() + " (" + rows.rejected() + ")");
  }

  private static String clientMedian(Results.Rows rows, Variant variant, String name) {
    return number(rows.median(variant, sample -> sample.client().get(name)));
  }

  private void processes() {
    title("Processes");
    header(
        "server",
        "peak memory MiB",
        "threads",
        "requests",
        "heap bytes",
        "collections",
        "compiling ms");
    for (Variant variant : variants) {
      row(
          variant.label(),
          number(peak(variant, "serverPeakKilobytes") / 1024),
          count(peak(variant, "serverThreads")),
          count(total(variant, Sample::requests)),
          count(total(variant, Sample::heapBytes)),
          count(total(variant, Sample::collections)),
          count(total(variant, Sample::compilationMillis)));
    }
  }

  private double total(Variant variant, ToDoubleFunction<Sample> figure) {
    return points.values().stream().mapToDouble(rows -> rows.sum(variant, figure)).sum();
  }

  private double peak(Variant variant, String name) {
    return points.values().stream()
        .mapToDouble(rows -> rows.max(variant, sample -> sample.client().get(name)))
        .max()
        .orElse(0);
  }

  private static String spread(double[] values) {
    double smallest = Arrays.stream(values).min().orElseThrow();
    double largest = Arrays.stream(values).max().orElseThrow();
    return number(Statistics.median(values))
        + " ("
        + number(smallest)
        + " to "
        + number(largest)
        + ")";
  }

  private static String count(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  private static String number(double value) {
    return value < SHORT_NUMBER ? String.format(Locale.ROOT, "%.2f", value) : count(value);
  }
}
