package io.fusewire.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the command line asks for. Filled once, then only read. */
final class Settings {
  static final String USAGE =
      """
      benchmarks/run [options]           compares Fusewire with plain C on /dev/fuse; needs root
      benchmarks/run --peers [options]   compares it with other libraries too, and on io_uring

        --rounds N        how often all servers are started afresh (12)
        --rows N          how often each point is measured in a round (3)
        --seconds S       how long each measurement lasts (0.3)
        --warmup S        how long each workload warms a fresh server up (0.7)
        --quick           3 rounds of one row, 0.2 seconds each: shows that it works, proves nothing
        --points P,...    only these, each WORKLOAD:THREADS, such as stat:8,read1m:1
        --floor-only      only the servers in C
        --only V,...      only these servers; --list names them all
        --list            names the servers and what each of them needs
        --noise PERCENT   repeat a measurement beside which others used so much CPU (5)
        --readers N       threads that read in our server (2)
        --java-option X   one more option for the JVM of our server; may be repeated
        --seed N          of the bootstrap (1)
        --write           put the tables into docs/benchmarks.md too, those of --peers and its
                          plots into docs/benchmarks/
        --jmh [options]   instead: what the library costs without the kernel, with JMH
        --help            this text

      With --peers:
        --without NAME    leave out a server, or all on one library; may be repeated. A library
                          that cannot be had ends the run unless it is named here
        --uring           switch the kernel's FUSE over io_uring on for the run, if it is off
        --data FILE       keep the measurements there and go on from those it holds; with
                          --rounds 0 only the tables are made
      It needs cargo, go, mvn, pkg-config, libfuse3-dev, libfuse2 and liburing-dev; for libfuse on
      io_uring LIBFUSE_PREFIX must name an installed libfuse 3.18 or later.
      Its defaults are 5 rounds of 1 row, 0.2 seconds each, 0.3 seconds to warm up.

      Workloads: stat lookup-miss getattr open-close first-byte create-unlink small-file readdir
        readdir-stat read4k write4k read128k read1m write1m seqread seqwrite mmap
        mixed (one thread of stat, the others read1m) interference (the others write1m).
      The tables go to standard output, progress to standard error.
      """;

  private static final int QUICK_ROUNDS = 3;
  private static final double QUICK_SECONDS = 0.2;
  private static final int PEER_ROUNDS = 5;
  private static final double PEER_WARMUP_SECONDS = 0.3;

  int rounds = 12;
  int rows = 3;
  double seconds = 0.3;
  double warmupSeconds = 0.7;
  double noisePercent = 5;
  int readers = 2;
  long seed = 1;
  boolean write;
  boolean peers;
  boolean list;
  boolean uring;
  @Nullable Path data;
  List<Point> points = Point.all();
  List<Variant> variants = Variant.ofTheFloor();
  final List<String> javaOptions = new ArrayList<>();
  private final Set<String> without = new HashSet<>();
  private @Nullable Set<String> only;
  final String commandLine;

  private Settings(String[] arguments) {
    commandLine = ("benchmarks/run " + String.join(" ", arguments)).strip();
  }

  /** Reads a command line; null when help was asked for. */
  static @Nullable Settings parse(String[] arguments) {
    Settings settings = new Settings(arguments);
    List<String> rest = new ArrayList<>(Arrays.asList(arguments));
    if (rest.contains("--help")) {
      return null;
    }
    if (rest.remove("--peers")) { // first: it changes what the other options change
      settings.peers();
    }
    boolean floorOnly = false;
    while (!rest.isEmpty()) {
      String option = rest.removeFirst();
      switch (option) {
        case "--quick" -> settings.quick();
        case "--floor-only" -> floorOnly = true;
        case "--list" -> settings.list = true;
        case "--uring" -> settings.uring = true;
        case "--write" -> settings.write = true;
        default -> settings.set(option, rest);
      }
    }
    settings.choose(floorOnly);
    return settings;
  }

  private void peers() {
    peers = true;
    rounds = PEER_ROUNDS;
    rows = 1;
    seconds = QUICK_SECONDS;
    warmupSeconds = PEER_WARMUP_SECONDS;
    points = Point.ofPeers();
    variants = Peers.all();
  }

  private void choose(boolean floorOnly) {
    Set<String> known = new HashSet<>();
    variants.forEach(variant -> known.addAll(List.of(variant.name(), variant.peer())));
    requireKnown(known, without);
    if (only != null) {
      requireKnown(known, only);
    }
    variants =
        variants.stream()
            .filter(variant -> !floorOnly || variant.isFloor())
            .filter(variant -> only == null || isNamed(only, variant))
            .filter(variant -> !isNamed(without, variant))
            .toList();
  }

  private static boolean isNamed(Set<String> names, Variant variant) {
    return names.contains(variant.name()) || names.contains(variant.peer());
  }

  private static void requireKnown(Set<String> known, Set<String> named) {
    for (String name : named) {
      if (!known.contains(name)) {
        throw new IllegalArgumentException("no server is called " + name + "; see --list");
      }
    }
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
      case "--without" -> without.add(value);
      case "--only" -> only = Set.of(value.split(",", -1));
      case "--data" -> data = Path.of(value);
      case "--points" -> points = Arrays.stream(value.split(",", -1)).map(Point::parse).toList();
      default -> throw new IllegalArgumentException("unknown option: " + option);
    }
  }

  /** The workloads of all points, each once. */
  List<String> workloads() {
    return points.stream().map(Point::workload).distinct().toList();
  }

  /**
   * Where things are.
   *
   * @param root of the repository
   */
  record Places(Path root) {
    /** The document that holds the tables. */
    Path document() {
      return root.resolve("docs/benchmarks.md");
    }

    /** The folder of the comparison with other libraries. */
    Path peerDocuments() {
      return root.resolve("docs/benchmarks");
    }

    /** A program in C that the launcher compiled. */
    Path nativeProgram(String name) {
      return root.resolve("benchmarks/target/native").resolve(name);
    }

    /** The folder that holds what the launcher built on this library. */
    Path peer(String name) {
      return root.resolve("benchmarks/target/peers").resolve(name);
    }

    /** Takes the repository's root from the launcher. */
    static Places fromLauncher() {
      String root = System.getProperty("fusewire.root");
      if (root == null) {
        throw new IllegalStateException("start this through benchmarks/run");
      }
      return new Places(Path.of(root));
    }
  }
}
