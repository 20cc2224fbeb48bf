package io.fusewire.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the command line asks for. Filled once, then only read. */
final class Settings {
  static final String USAGE =
      """
      benchmarks/run [options]    compares Fusewire with plain C on /dev/fuse; needs root

        --rounds N        how often all servers are started afresh (12)
        --rows N          how often each point is measured in a round (3)
        --seconds S       how long each measurement lasts (0.3)
        --warmup S        how long each workload warms a fresh server up (0.7)
        --quick           3 rounds of one row, 0.2 seconds each: shows that it works, proves nothing
        --points P,...    only these, each WORKLOAD:THREADS, such as stat:8,read1m:1
        --floor-only      only the servers in C
        --noise PERCENT   repeat a measurement beside which others used so much CPU (5)
        --readers N       threads that read in our server (2)
        --java-option X   one more option for the JVM of our server; may be repeated
        --seed N          of the bootstrap (1)
        --write           put the tables into docs/benchmarks.md too
        --jmh [options]   instead: what the library costs without the kernel, with JMH
        --help            this text

      Workloads: stat getattr open-close create-unlink readdir read4k write4k read1m write1m mixed.
      The tables go to standard output, progress to standard error.
      """;

  private static final int QUICK_ROUNDS = 3;
  private static final double QUICK_SECONDS = 0.2;

  int rounds = 12;
  int rows = 3;
  double seconds = 0.3;
  double warmupSeconds = 0.7;
  double noisePercent = 5;
  int readers = 2;
  long seed = 1;
  boolean write;
  List<Point> points = Point.all();
  Set<Variant> variants = EnumSet.allOf(Variant.class);
  final List<String> javaOptions = new ArrayList<>();
  final String commandLine;

  private Settings(String[] arguments) {
    commandLine = ("benchmarks/run " + String.join(" ", arguments)).strip();
  }

  /** Reads a command line; null when help was asked for. */
  static @Nullable Settings parse(String[] arguments) {
    Settings settings = new Settings(arguments);
    List<String> rest = new ArrayList<>(Arrays.asList(arguments));
    while (!rest.isEmpty()) {
      String option = rest.removeFirst();
      switch (option) {
        case "--help" -> {
          return null;
        }
        case "--quick" -> settings.quick();
        case "--floor-only" -> settings.variants.remove(Variant.FUSEWIRE);
        case "--write" -> settings.write = true;
        default -> settings.set(option, rest);
      }
    }
    return settings;
  }

  private void quick() {
    rounds = QUICK_ROUNDS;
    rows = 1;
    seconds = QUICK_SECONDS;
  }

  private void set(String option, List<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException("unknown option or missing value: " + option);
    }
    String value = rest.removeFirst();
    switch (option) {
      case "--rounds" -> rounds = Integer.parseInt(value);
      case "--rows" -> rows = Integer.parseInt(value);
      case "--seconds" -> seconds = Double.parseDouble(value);
      case "--warmup" -> warmupSeconds = Double.parseDouble(value);
      case "--noise" -> noisePercent = Double.parseDouble(value);
      case "--readers" -> readers = Integer.parseInt(value);
      case "--seed" -> seed = Long.parseLong(value);
      case "--java-option" -> javaOptions.add(value);
      case "--points" -> points = Arrays.stream(value.split(",", -1)).map(Point::parse).toList();
      default -> throw new IllegalArgumentException("unknown option: " + option);
    }
  }

  /** The workloads of all points, each once. */
  List<String> workloads() {
    return points.stream().map(Point::workload).distinct().toList();
  }

  /** Where the launcher put things. */
  record Places(Path root, Path floor, Path client) {
    /** The document that holds the tables. */
    Path document() {
      return root.resolve("docs/benchmarks.md");
    }

    /** Takes the repository's root from the launcher. */
    static Places fromLauncher() {
      String root = System.getProperty("fusewire.root");
      if (root == null) {
        throw new IllegalStateException("start this through benchmarks/run");
      }
      Path path = Path.of(root);
      Path binaries = path.resolve("benchmarks/target/native");
      return new Places(path, binaries.resolve("floor"), binaries.resolve("client"));
    }
  }
}
