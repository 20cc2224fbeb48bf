package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The comparison with other libraries as Markdown and plots. */
final class PeerReport {
  private static final String DOCUMENT = "peers.md";

  private final Settings settings;
  private final Conditions conditions;
  private final Results results;
  private final Map<Point, Results.Rows> points;
  private final List<Variant> variants;
  private final Markdown text = new Markdown();

  PeerReport(Settings settings, Conditions conditions, Results results) {
    this.settings = settings;
    this.conditions = conditions;
    this.results = results;
    this.points = results.measured();
    this.variants = settings.variants.stream().filter(this::isMeasured).toList();
  }

  private boolean isMeasured(Variant variant) {
    return points.values().stream().anyMatch(rows -> rows.variants().contains(variant));
  }

  /** All tables. */
  String text() throws IOException {
    conditions.addTo(text);
    rowsAndRounds();
    results.runs().forEach(run -> text.line("- Run of " + run));
    new Reach(results, settings.seed).addTo(text);
    overview();
    plots();
    details();
    processes();
    return text.text();
  }

  /** Puts the tables and the plots into this folder. */
  void write(Path folder) throws IOException {
    Document.write(folder.resolve(DOCUMENT), text.text());
    for (Map.Entry<Point, Results.Rows> point : points.entrySet()) {
      Files.writeString(
          folder.resolve(plotName(point.getKey())), plot(point.getKey(), point.getValue()));
    }
  }

  private void rowsAndRounds() {
    int rows = points.values().stream().mapToInt(Results.Rows::size).sum();
    int rejected = points.values().stream().mapToInt(Results.Rows::rejected).sum();
    int rounds = points.values().stream().mapToInt(Results.Rows::rounds).max().orElse(0);
    text.line(
        "- The tables rest on "
            + rows
            + " rows from "
            + rounds
            + " rounds; "
            + rejected
            + " more of the last run were thrown away");
    double[] noise =
        points.values().stream()
            .flatMapToDouble(each -> variants.stream().flatMapToDouble(each::noise))
            .toArray();
    if (noise.length > 0) {
      text.line(
          "- Other processes and the host took, in percent of the machine, median and range: "
              + Markdown.spread(noise));
    }
  }

  /** Rates in relation to the fastest C on the device, a column for each point. */
  private void overview() {
    text.title("Operations per second in relation to plain C");
    text.line("1.00 is the fastest of the servers in C on /dev/fuse at the point.");
    text.line("");
    List<String> head = new ArrayList<>(List.of("server"));
    points.keySet().forEach(point -> head.add(point.toString()));
    text.header(head.toArray(new String[0]));
    for (Variant variant : variants) {
      List<String> cells = new ArrayList<>(List.of(variant.label()));
      points.values().forEach(rows -> cells.add(share(rows, variant)));
      text.row(cells.toArray(new String[0]));
    }
  }

  private static String share(Results.Rows rows, Variant variant) {
    Optional<Double> share = shareOfC(rows, variant);
    return share.map(value -> String.format(Locale.ROOT, "%.2f", value)).orElse("");
  }

  private static Optional<Double> shareOfC(Results.Rows rows, Variant variant) {
    List<Variant> inC =
        rows.variants().stream().filter(each -> each.isFloor() && !each.ring()).toList();
    if (inC.isEmpty() || !rows.variants().contains(variant)) {
      return Optional.empty();
    }
    double floor = rows.median(rows.fastest(inC), Sample::operationsPerSecond);
    return Optional.of(rows.median(variant, Sample::operationsPerSecond) / floor);
  }

  private static String plotName(Point point) {
    return "peers-" + point.workload() + "-" + point.threads() + ".svg";
  }

  private void plots() {
    text.title("Plots");
    for (Point point : points.keySet()) {
      text.line("![" + point + "](" + plotName(point) + ")");
      text.line("");
    }
  }

  private String plot(Point point, Results.Rows rows) {
    BarChart chart =
        new BarChart(
            point.workload() + ", " + point.threads() + " client threads",
            "operations per second; median, lines from the smallest to the largest row");
    for (Variant variant : variants) {
      if (rows.variants().contains(variant)) {
        chart.bar(
            variant.label(),
            rows.figures(variant, Sample::operationsPerSecond),
            variant.isOurs() ? BarChart.OURS : variant.isFloor() ? BarChart.FLOOR : BarChart.OTHER);
      }
    }
    return chart.svg();
  }

  private void details() {
    text.title("Every server");
    text.line("Medians; in brackets the smallest and the largest row. Requests for each operation");
    text.line("are those that the kernel sent, without those that expect no answer.");
    text.line("");
    text.header(
        "point",
        "server",
        "ops/s",
        "p50 us",
        "p99 us",
        "p99.9 us",
        "server CPU us/op",
        "switches/op",
        "requests/op",
        "heap bytes/op",
        "rows");
    points.forEach(
        (point, rows) ->
            variants.stream()
                .filter(rows.variants()::contains)
                .forEach(variant -> detailRow(point, rows, variant)));
  }

  private void detailRow(Point point, Results.Rows rows, Variant variant) {
    double requests = results.requests(variant, point);
    double operations = rows.sum(variant, sample -> sample.client().get("operations"));
    double[] rates = rows.figures(variant, Sample::operationsPerSecond);
    text.row(
        point.toString(),
        variant.label(),
        Markdown.spread(rates),
        clientMedian(rows, variant, "p50Micros"),
        clientMedian(rows, variant, "p99Micros"),
        clientMedian(rows, variant, "p999Micros"),
        Markdown.number(rows.median(variant, Sample::serverMicros)),
        clientMedian(rows, variant, "serverSwitchesPerOp"),
        Double.isNaN(requests) ? "" : Markdown.number(requests),
        Markdown.number(rows.sum(variant, Sample::heapBytes) / operations),
        Integer.toString(rates.length));
  }

  private static String clientMedian(Results.Rows rows, Variant variant, String name) {
    return Markdown.number(rows.median(variant, sample -> sample.client().get(name)));
  }

  private void processes() {
    text.title("Processes");
    text.header(
        "server",
        "transport",
        "peak memory MiB",
        "threads",
        "heap bytes",
        "collections",
        "pauses ms",
        "compiling ms");
    for (Variant variant : variants) {
      text.row(
          variant.label(),
          variant.ring() ? "io_uring" : "/dev/fuse",
          Markdown.number(results.peak(variant, "serverPeakKilobytes") / 1024),
          Markdown.count(results.peak(variant, "serverThreads")),
          Markdown.count(results.total(variant, Sample::heapBytes)),
          Markdown.count(results.total(variant, Sample::collections)),
          Markdown.count(results.total(variant, Sample::pauseMillis)),
          Markdown.count(results.total(variant, Sample::compilationMillis)));
    }
  }
}
