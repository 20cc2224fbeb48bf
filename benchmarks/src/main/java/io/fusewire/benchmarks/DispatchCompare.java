package io.fusewire.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToDoubleFunction;

/**
 * Compares the ways to run requests with each other: {@code benchmarks/run --dispatch}. In each
 * round every server is measured at every point, one right after the other, beginning with another
 * one; a ratio is the median of the rounds' ratios.
 */
public final class DispatchCompare {
  static final String USAGE =
      """
      benchmarks/run --dispatch [options]    compares the ways to run requests; needs root

        --parts P,...     only these: before modes writers store (modes,writers,store)
        --before DIR      a checkout of an older version, built, to compare inline mode with
        --rounds N        (15)
        --seconds S       of each measurement (0.3)
        --write           put the tables into docs/benchmarks/dispatch.md too
        --help            this text
      """;

  private static final double WARMUP_SECONDS = 1.0;
  private static final double CLIENT_WARMUP_SECONDS = 0.1;
  private static final double SLOW_FACTOR = 4; // slow stores need longer to show percentiles
  private static final int PERCENT = 100;

  private static final List<Load> SMALL =
      List.of(
          new Load("getattr", 1, true),
          new Load("stat", 1, true),
          new Load("read4k", 1, true),
          new Load("getattr", 8, true),
          new Load("stat", 8, true),
          new Load("read4k", 8, true));

  private static final Load STAT = new Load("stat", 1, false);
  private static final Load WRITERS = new Load("write1m", 32, false);
  private static final Load STATS = new Load("stat", 4, false);
  private static final Load READERS = new Load("read4k", 500, false); // and 500 in another process

  /**
   * What a client does.
   *
   * @param pinned whether client and server share the first CPU
   */
  private record Load(String workload, int threads, boolean pinned) {
    @Override
    public String toString() {
      return workload + ", " + threads + (pinned ? " on one CPU" : "");
    }
  }

  /** A server and what it is called. */
  private record Contestant(String label, Server server) {}

  /** A measurement by name and contestant, in rounds. */
  private static final class Figures {
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    void add(String contestant, String name, double value) {
      values.computeIfAbsent(contestant + "/" + name, none -> new ArrayList<>()).add(value);
    }

    double[] of(String contestant, String name) {
      return values.getOrDefault(contestant + "/" + name, List.of()).stream()
          .mapToDouble(each -> each)
          .toArray();
    }

    double median(String contestant, String name) {
      return Statistics.median(of(contestant, name));
    }

    /** The median of the rounds' ratios, and its interval. */
    String ratio(String contestant, String name, String to, String toName) {
      double[] one = of(contestant, name);
      double[] other = of(to, toName);
      double[] ratios = new double[one.length];
      Arrays.setAll(ratios, i -> one[i] / other[i]);
      ToDoubleFunction<int[]> figure =
          drawn -> Statistics.median(Arrays.stream(drawn).mapToDouble(i -> ratios[i]).toArray());
      Statistics.Interval interval = Statistics.bootstrap(ratios.length, 1, figure);
      return String.format(
          Locale.ROOT,
          "%.2f (%.2f to %.2f)",
          Statistics.median(ratios),
          interval.low(),
          interval.high());
    }
  }

  private final Settings.Places places = Settings.Places.fromLauncher();
  private final Cpus cpus;
  private final StringBuilder report = new StringBuilder();
  private final List<Contestant> contestants = new ArrayList<>();
  private final String commandLine;
  private List<String> parts = List.of("modes", "writers", "store");
  private Path before = Path.of("");
  private int rounds = 15;
  private double seconds = 0.3;
  private boolean write;

  private DispatchCompare(String[] arguments) throws IOException {
    cpus = Cpus.ofThisProcess();
    commandLine = ("benchmarks/run --dispatch " + String.join(" ", arguments)).strip();
    for (int i = 0; i < arguments.length; i++) {
      switch (arguments[i]) {
        case "--parts" -> parts = List.of(arguments[++i].split(",", -1));
        case "--before" -> before = Path.of(arguments[++i]);
        case "--rounds" -> rounds = Integer.parseInt(arguments[++i]);
        case "--seconds" -> seconds = Double.parseDouble(arguments[++i]);
        case "--write" -> write = true;
        default -> throw new IllegalArgumentException("unknown option: " + arguments[i]);
      }
    }
  }

  /** Runs the comparison that the arguments describe. */
  public static void main(String[] arguments) throws IOException {
    if (Arrays.asList(arguments).contains("--help")) {
      System.out.print(USAGE);
      return;
    }
    try {
      new DispatchCompare(arguments).run();
    } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
      System.err.println(e.getMessage() + "\n\n" + USAGE);
      System.exit(2);
    }
  }

  private void run() throws IOException {
    line("- Command: `" + commandLine + "`");
    line(
        "- " + rounds + " rounds; medians, ratios with 95 % intervals (bootstrap over the rounds)");
    line("- Java " + System.getProperty("java.vm.version") + ", " + cpus.all() + " CPUs");
    for (String part : parts) {
      System.err.println("benchmarks: " + part);
      try {
        switch (part) {
          case "before" -> before();
          case "modes" -> modes();
          case "writers" -> writers();
          case "store" -> store();
          default -> throw new IllegalArgumentException("unknown part: " + part);
        }
      } finally {
        contestants.forEach(each -> each.server.close());
        contestants.clear();
      }
    }
    System.out.println(report);
    if (write) {
      Document.write(places.root().resolve("docs/benchmarks/dispatch.md"), report.toString());
    }
  }

  private void line(String text) {
    report.append(text).append('\n');
  }

  private void table(String title, String... columns) {
    line("");
    line("### " + title);
    line("");
    line("| " + String.join(" | ", columns) + " |");
    line("| " + String.join(" | ", Collections.nCopies(columns.length, "---")) + " |");
  }

  private void row(Object... cells) {
    line("| " + String.join(" | ", Arrays.stream(cells).map(String::valueOf).toList()) + " |");
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < PERCENT ? "%.2f" : "%,.0f", value);
  }

  // ---- servers -----------------------------------------------------------------------------

  private void start(String label, String... options) throws IOException {
    startFrom(System.getProperty("jdk.module.path", ""), label, options);
  }

  private void startFrom(String modules, String label, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Launches.JVM_OPTIONS);
    command.addAll(List.of("--enable-native-access=io.fusewire", "--module-path", modules));
    command.addAll(List.of("--module", "io.fusewire.benchmarks/" + NullServer.class.getName()));
    List<String> trailing = new ArrayList<>(List.of("2"));
    trailing.addAll(List.of(options));
    contestants.add(new Contestant(label, Server.start(command, trailing)));
  }

  private Numbers client(Contestant on, Load load, double time) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            places.nativeProgram("client").toString(), "--dir", on.server.mountPoint().toString()));
    command.addAll(List.of("--workload", load.workload));
    command.addAll(List.of("--threads", Integer.toString(load.threads)));
    command.addAll(List.of("--seconds", Double.toString(time)));
    command.addAll(List.of("--warmup", Double.toString(CLIENT_WARMUP_SECONDS)));
    command.addAll(List.of("--pid", Long.toString(on.server.pid())));
    if (load.pinned) {
      command.addAll(List.of("--cpu", cpus.first()));
    }
    Numbers numbers = Numbers.parse(Commands.run(command));
    if (numbers.get("errors") > 0) {
      throw new IOException(load + " on " + on.label + ": errno " + numbers.get("firstError"));
    }
    return numbers;
  }

  /** Two or more clients at one time; all begin and end together. */
  private List<Numbers> together(Contestant on, double time, Load... loads) {
    List<CompletableFuture<Numbers>> all =
        Arrays.stream(loads)
            .map(load -> CompletableFuture.supplyAsync(() -> unchecked(on, load, time)))
            .toList();
    return all.stream().map(CompletableFuture::join).toList();
  }

  private Numbers unchecked(Contestant on, Load load, double time) {
    try {
      return client(on, load, time);
    } catch (IOException e) {
      throw new CompletionException(new UncheckedIOException(e));
    }
  }

  private List<Contestant> order(int round) {
    List<Contestant> order = new ArrayList<>(contestants);
    Collections.rotate(order, -round);
    return order;
  }

  // ---- the null file system ----------------------------------------------------------------

  private void before() throws IOException {
    String modules =
        before.resolve("core/target/classes") + ":" + before.resolve("benchmarks/target/classes");
    startFrom(modules, "before");
    start("inline", "dispatch=inline");
    start("hybrid", "dispatch=hybrid");
    compare("Inline mode against the version before the dispatch core", "before");
  }

  private void modes() throws IOException {
    start("inline", "dispatch=inline");
    start("hybrid", "dispatch=hybrid");
    start("workers(2)", "workers=2");
    start("workers(4)", "workers=4");
    start("virtual", "dispatch=virtual");
    compare("The modes against inline, null file system", "inline");
  }

  private void compare(String title, String base) throws IOException {
    for (Contestant each : contestants) {
      for (Load load : SMALL) {
        each.server.runOn(cpus.all());
        Numbers _ = client(each, new Load(load.workload, 2, false), WARMUP_SECONDS);
      }
    }
    table(title, "point", "mode", "ops/s", "ratio", "p99 us", "server CPU us/op", "ratio");
    Map<Load, Figures> all = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      for (Load load : SMALL) {
        Figures figures = all.computeIfAbsent(load, none -> new Figures());
        for (Contestant each : order(round)) {
          each.server.runOn(cpus.first());
          Numbers numbers = client(each, load, seconds);
          figures.add(each.label, "ops", numbers.get("opsPerSecond"));
          figures.add(each.label, "p99", numbers.get("p99Micros"));
          figures.add(each.label, "cpu", numbers.get("serverMicrosPerOp"));
        }
      }
    }
    all.forEach((load, figures) -> contestants.forEach(each -> modeRow(load, each, figures, base)));
  }

  private void modeRow(Load load, Contestant each, Figures figures, String base) {
    row(
        load,
        each.label,
        number(figures.median(each.label, "ops")),
        figures.ratio(each.label, "ops", base, "ops"),
        number(figures.median(each.label, "p99")),
        number(figures.median(each.label, "cpu")),
        figures.ratio(each.label, "cpu", base, "cpu"));
  }

  // ---- slow stores -------------------------------------------------------------------------

  private void writers() throws IOException {
    start("inline, answered later", "dispatch=inline", "slow=10");
    start("hybrid", "dispatch=hybrid", "slow=10");
    start("virtual", "dispatch=virtual", "slow=10");
    table(
        "One stat client beside 32 writers of 1 MiB, a write takes 10 ms",
        "mode",
        "stat p99 us, idle",
        "beside writers",
        "ratio",
        "writes/s alone",
        "beside stat",
        "ratio");
    Figures figures = new Figures();
    double time = seconds * SLOW_FACTOR;
    for (int round = -1; round < rounds; round++) {
      for (Contestant each : order(Math.max(0, round))) {
        Numbers idle = client(each, STAT, time);
        Numbers alone = client(each, WRITERS, time);
        List<Numbers> both = together(each, time, STAT, WRITERS);
        if (round < 0) {
          continue; // that was to warm it up
        }
        figures.add(each.label, "idle", idle.get("p99Micros"));
        figures.add(each.label, "alone", alone.get("opsPerSecond"));
        figures.add(each.label, "beside", both.getFirst().get("p99Micros"));
        figures.add(each.label, "bulk", both.getLast().get("opsPerSecond"));
      }
    }
    for (Contestant each : contestants) {
      String label = each.label;
      row(
          label,
          number(figures.median(label, "idle")),
          number(figures.median(label, "beside")),
          figures.ratio(label, "beside", label, "idle"),
          number(figures.median(label, "alone")),
          number(figures.median(label, "bulk")),
          figures.ratio(label, "bulk", label, "alone"));
    }
  }

  private void store() throws IOException {
    String store = "slow=30:256";
    start("neither (inline, answered later)", "dispatch=inline", store);
    start("classes, fixed limit of 1024", "dispatch=hybrid", store);
    start("classes, adaptive limit", "dispatch=hybrid", store, "adaptive_limit=1024");
    table(
        "1000 readers and 4 stat clients on a store of 30 ms with 256 slots",
        "gate",
        "stat p50 ms, idle",
        "stat p50 ms",
        "stat p99 ms",
        "p50 to idle",
        "reads/s",
        "of those without a gate");
    Figures figures = new Figures();
    double time = seconds * SLOW_FACTOR * SLOW_FACTOR;
    for (int round = -1; round < rounds; round++) {
      for (Contestant each : order(Math.max(0, round))) {
        double longer = round < 0 ? 2 * time : time; // the limit adapts meanwhile
        Numbers idle = client(each, STATS, time / SLOW_FACTOR);
        List<Numbers> all = together(each, longer, STATS, READERS, READERS);
        if (round >= 0) {
          figures.add(each.label, "idle", idle.get("p50Micros") / 1000);
          figures.add(each.label, "p50", all.getFirst().get("p50Micros") / 1000);
          figures.add(each.label, "p99", all.getFirst().get("p99Micros") / 1000);
          double reads = all.get(1).get("opsPerSecond") + all.get(2).get("opsPerSecond");
          figures.add(each.label, "reads", reads);
        }
      }
    }
    String base = contestants.getFirst().label;
    for (Contestant each : contestants) {
      row(
          each.label,
          number(figures.median(each.label, "idle")),
          number(figures.median(each.label, "p50")),
          number(figures.median(each.label, "p99")),
          figures.ratio(each.label, "p50", each.label, "idle"),
          number(figures.median(each.label, "reads")),
          figures.ratio(each.label, "reads", base, "reads"));
    }
  }
}
