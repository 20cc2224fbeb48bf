package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Compares Fusewire with plain C: starts all servers afresh in every round, measures one after the
 * other at every point, and prints the tables. Started by {@code benchmarks/run}.
 */
public final class Compare {
  /** How often a row is repeated when other processes disturbed it. */
  private static final int TRIES_MAX = 4;

  private static final double CLIENT_WARMUP_SECONDS = 0.1;

  /** C needs no compiler; this touches its memory. */
  private static final double FLOOR_WARMUP_SECONDS = 0.1;

  private static final int WARMUP_THREADS = 2;

  /** What the JVM of our server gets; its heap is small because requests need none of it. */
  static final List<String> JVM_OPTIONS =
      List.of("-Xmx64m", "-XX:+UseSerialGC", "--illegal-native-access=deny");

  private final Settings settings;
  private final Settings.Places places;
  private final Cpus cpus;
  private final Results results;
  private final Fleet fleet = new Fleet();
  private volatile boolean stopping;

  private Compare(Settings settings, Settings.Places places, Cpus cpus) {
    this.settings = settings;
    this.places = places;
    this.cpus = cpus;
    this.results = new Results(settings.points);
  }

  /** Runs the comparison that the arguments describe. */
  public static void main(String[] arguments) throws IOException {
    Settings settings;
    try {
      settings = Settings.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Settings.USAGE);
      System.exit(2);
      return;
    }
    if (settings == null) {
      System.out.print(Settings.USAGE);
      return;
    }
    Settings.Places places = Settings.Places.fromLauncher();
    Compare compare = new Compare(settings, places, Cpus.ofThisProcess());
    try {
      compare.run();
    } catch (IOException | RuntimeException e) {
      if (!compare.stopping) { // Ctrl-C takes the servers away under the measurement
        throw e;
      }
    }
  }

  private void run() throws IOException {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::stop));
    for (int round = 0; round < settings.rounds; round++) {
      round(round);
    }
    String report = new Report(settings, cpus, results).text();
    System.out.println(report);
    if (settings.write) {
      Document.write(places.document(), report);
    }
  }

  private void stop() {
    stopping = true;
    fleet.close();
  }

  private void round(int round) throws IOException {
    progress("round " + (round + 1) + " of " + settings.rounds + ": starting and warming up");
    try {
      for (Variant variant : settings.variants) {
        fleet.add(variant, start(variant));
      }
      fleet.checkEqual();
      warmUp();
      for (int row = 0; row < settings.rows; row++) {
        for (Point point : settings.points) {
          measureRow(point, round, round * settings.rows + row);
        }
      }
    } finally {
      fleet.close();
    }
  }

  /** The servers of one round. */
  private static final class Fleet {
    private final Map<Variant, Server> servers =
        Collections.synchronizedMap(new EnumMap<>(Variant.class));

    private void add(Variant variant, Server server) {
      servers.put(variant, server);
    }

    private Server get(Variant variant) {
      Server server = servers.get(variant);
      if (server == null) {
        throw new IllegalStateException("not started: " + variant);
      }
      return server;
    }

    /** Servers that negotiated or show different things cannot be compared. */
    private void checkEqual() throws IOException {
      Map<Variant, String> seen = new EnumMap<>(Variant.class);
      for (Variant variant : List.copyOf(servers.keySet())) {
        Server server = get(variant);
        seen.put(variant, server.greeting() + FileCheck.describe(server.mountPoint()));
      }
      if (Set.copyOf(seen.values()).size() > 1) {
        throw new IOException("the servers differ: " + seen);
      }
    }

    private void close() {
      synchronized (servers) {
        servers.values().forEach(Server::close);
        servers.clear();
      }
    }
  }

  private Server start(Variant variant) throws IOException {
    List<String> command = new ArrayList<>();
    if (variant.isFloor()) {
      command.addAll(List.of(places.floor().toString(), "--control"));
      command.addAll(
          switch (variant) {
            case TWO_READERS -> List.of("--readers", "2");
            case READING_DUTY -> List.of("--readers", "2", "--duty");
            default -> List.of();
          });
      return Server.start(command, List.of());
    }
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    command.add(java.toString());
    command.addAll(JVM_OPTIONS);
    command.addAll(settings.javaOptions);
    command.addAll(
        List.of(
            "--enable-native-access=io.fusewire",
            "--module-path",
            System.getProperty("jdk.module.path", ""),
            "--module",
            "io.fusewire.benchmarks/" + NullServer.class.getName()));
    return Server.start(command, List.of(Integer.toString(settings.readers)));
  }

  /**
   * Runs every workload on every server, so that what comes is compiled. Ours has a second turn: a
   * new workload makes the compiler revise code that it had optimized for the earlier ones.
   */
  private void warmUp() throws IOException {
    for (Variant variant : settings.variants) {
      if (variant.isFloor()) {
        warmUp(fleet.get(variant), FLOOR_WARMUP_SECONDS);
      } else {
        warmUp(fleet.get(variant), settings.warmupSeconds);
        warmUp(fleet.get(variant), settings.warmupSeconds / 2);
      }
    }
  }

  private void warmUp(Server server, double seconds) throws IOException {
    for (String workload : settings.workloads()) {
      runClient(server, new Point(workload, WARMUP_THREADS), seconds);
    }
  }

  /** Measures all servers at one point, again and again until nothing disturbed it. */
  private void measureRow(Point point, int round, int turn) throws IOException {
    for (int tries = 1; tries <= TRIES_MAX; tries++) {
      Map<Variant, Sample> row = new EnumMap<>(Variant.class);
      for (Variant variant : order(turn + tries - 1)) {
        row.put(variant, measure(fleet.get(variant), point));
      }
      double noise = row.values().stream().mapToDouble(Sample::noisePercent).max().orElseThrow();
      if (noise < settings.noisePercent) {
        results.add(point, round, row);
        return;
      }
      results.reject(point);
      progress(
          String.format(
              Locale.ROOT, "%s: others used %.1f %% of the machine, again", point, noise));
    }
  }

  /** Every row begins with another server, so that none always comes first. */
  private List<Variant> order(int turn) {
    List<Variant> order = new ArrayList<>(settings.variants);
    Collections.rotate(order, -turn);
    return order;
  }

  private Sample measure(Server server, Point point) throws IOException {
    server.runOn(point.isPinned() ? cpus.first() : cpus.all());
    Numbers before = server.counts();
    Numbers client = runClient(server, point, settings.seconds);
    Numbers after = server.counts();
    if (client.get("errors") > 0) {
      throw new IOException(
          point + ": " + client.get("errors") + " errors, errno " + client.get("firstError"));
    }
    return Sample.of(client, before, after);
  }

  private Numbers runClient(Server server, Point point, double seconds) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(places.client().toString(), "--dir", server.mountPoint().toString()));
    command.addAll(List.of("--workload", point.workload()));
    command.addAll(List.of("--threads", Integer.toString(point.threads())));
    command.addAll(List.of("--seconds", Double.toString(seconds)));
    command.addAll(List.of("--warmup", Double.toString(CLIENT_WARMUP_SECONDS)));
    command.addAll(List.of("--pid", Long.toString(server.pid())));
    if (point.isPinned()) {
      command.addAll(List.of("--cpu", cpus.first()));
    }
    return Numbers.parse(Commands.run(command));
  }

  private static void progress(String text) {
    System.err.println("benchmarks: " + text);
  }
}
