package io.fusewire.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Measures: starts all servers afresh in every round and takes one after the other at every point,
 * again and again until nothing disturbed it.
 */
final class Rounds {
  /** How often a row is repeated when other processes disturbed it. */
  private static final int TRIES_MAX = 4;

  private static final double CLIENT_WARMUP_SECONDS = 0.05;
  private static final double COUNTING_SECONDS = 0.05;

  /** C needs no compiler; this touches its memory. */
  private static final double FLOOR_WARMUP_SECONDS = 0.1;

  private static final int WARMUP_THREADS = 2;

  private final Settings settings;
  private final Settings.Places places;
  private final Cpus cpus;
  private final DataFile data;
  private final Results results;
  private final Fleet fleet = new Fleet();
  private final List<AutoCloseable> atTheEnd = Collections.synchronizedList(new ArrayList<>());
  private volatile boolean stopping;

  Rounds(Settings settings, Settings.Places places, Cpus cpus, DataFile data, Results results) {
    this.settings = settings;
    this.places = places;
    this.cpus = cpus;
    this.data = data;
    this.results = results;
  }

  /** True once the process is ending: what fails then fails because of that. */
  boolean isStopping() {
    return stopping;
  }

  /** Runs all rounds. */
  void run() throws IOException {
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(this::stop));
    boolean rings = settings.variants.stream().anyMatch(Variant::ring);
    try {
      atTheEnd.add(RingSwitch.require(rings, settings.uring));
      int first = results.nextRound();
      for (int round = 0; round < settings.rounds; round++) {
        progress("round " + (round + 1) + " of " + settings.rounds);
        round(first + round, round == 0);
      }
    } finally {
      close();
    }
  }

  private void stop() {
    stopping = true;
    close();
  }

  private void close() {
    fleet.close();
    for (AutoCloseable each : List.copyOf(atTheEnd)) {
      try {
        each.close();
      } catch (Exception e) {
        progress("not cleaned up: " + e);
      }
    }
  }

  private void round(int round, boolean first) throws IOException {
    try {
      for (Variant variant : settings.variants) {
        fleet.add(variant, start(variant));
      }
      fleet.checkEqual();
      warmUp();
      if (first && settings.peers) {
        countRequests();
      }
      for (int row = 0; row < settings.rows; row++) {
        for (Point point : settings.points) {
          measureRow(point, round, round * settings.rows + row);
        }
      }
    } finally {
      fleet.close();
    }
  }

  private Server start(Variant variant) throws IOException {
    try {
      Variant.Command command = variant.launch().command(settings, places);
      return Server.start(command.before(), command.after());
    } catch (IOException e) {
      throw new IOException(variant + " does not start; --without leaves it out", e);
    }
  }

  /**
   * Runs every workload on every server, so that what comes is compiled. Ours has a second turn: a
   * new workload makes the compiler revise code that it had optimized for the earlier ones.
   */
  private void warmUp() throws IOException {
    for (Variant variant : settings.variants) {
      if (variant.isFloor()) {
        warmUp(variant, FLOOR_WARMUP_SECONDS);
      } else {
        warmUp(variant, settings.warmupSeconds);
        warmUp(variant, settings.warmupSeconds / 2);
      }
    }
  }

  private void warmUp(Variant variant, double seconds) throws IOException {
    for (String workload : settings.workloads()) {
      runClient(variant, new Point(workload, WARMUP_THREADS), seconds);
    }
  }

  /** How many requests an operation takes, so that unequal work is seen. */
  private void countRequests() throws IOException {
    KernelRequests kernel = kernelRequests();
    if (kernel == null) {
      return;
    }
    for (Variant variant : settings.variants) {
      for (String workload : settings.workloads()) {
        Point point = new Point(workload, WARMUP_THREADS);
        List<Numbers> seen = new ArrayList<>();
        long requests =
            kernel.count(
                fleet.get(variant).mountPoint(),
                () -> seen.add(runClient(variant, point, COUNTING_SECONDS)));
        double operations = seen.getFirst().get("operations");
        data.requests(variant, workload, requests / operations);
      }
    }
  }

  private @Nullable KernelRequests kernelRequests() {
    try {
      KernelRequests kernel = KernelRequests.open();
      atTheEnd.add(kernel);
      return kernel;
    } catch (IOException e) {
      progress("the kernel does not count requests: " + e);
      return null;
    }
  }

  /** Measures all servers at one point until nothing disturbed them. */
  private void measureRow(Point point, int round, int turn) throws IOException {
    for (int tries = 1; tries <= TRIES_MAX; tries++) {
      Map<Variant, Sample> row = new LinkedHashMap<>();
      double noise = 0;
      for (Variant variant : order(turn + tries - 1)) {
        Sample sample = settings.peers ? quietSample(variant, point) : measure(variant, point);
        row.put(variant, sample);
        noise = Math.max(noise, sample.noisePercent());
      }
      if (noise < settings.noisePercent) {
        data.add(point, round, row);
        return;
      }
      results.reject(point);
      progress(
          String.format(
              Locale.ROOT, "%s: others used %.1f %% of the machine, again", point, noise));
    }
  }

  /** With many servers one is nearly always disturbed: here it alone is measured again. */
  private Sample quietSample(Variant variant, Point point) throws IOException {
    Sample sample = measure(variant, point);
    for (int tries = 1; tries < TRIES_MAX && isNoisy(sample); tries++) {
      sample = measure(variant, point);
    }
    return sample;
  }

  private boolean isNoisy(Sample sample) {
    return sample.noisePercent() >= settings.noisePercent;
  }

  /** Every row begins with another server, so that none always comes first. */
  private List<Variant> order(int turn) {
    List<Variant> order = new ArrayList<>(settings.variants);
    Collections.rotate(order, -turn);
    return order;
  }

  private Sample measure(Variant variant, Point point) throws IOException {
    Server server = fleet.get(variant);
    if (!variant.ring()) { // a thread for each ring pinned itself to the ring's CPU
      server.runOn(point.isPinned() ? cpus.first() : cpus.all());
    }
    Numbers before = server.counts();
    Numbers client = runClient(variant, point, settings.seconds);
    Numbers after = server.counts();
    if (client.get("errors") > 0) {
      throw new IOException(
          variant
              + " at "
              + point
              + ": "
              + client.get("errors")
              + " errors, errno "
              + client.get("firstError"));
    }
    return Sample.of(client, before, after);
  }

  private Numbers runClient(Variant variant, Point point, double seconds) throws IOException {
    Server server = fleet.get(variant);
    List<String> command = new ArrayList<>();
    command.add(places.nativeProgram("client").toString());
    command.addAll(List.of("--dir", server.mountPoint().toString()));
    command.addAll(List.of("--workload", point.workload()));
    command.addAll(List.of("--threads", Integer.toString(point.threads())));
    command.addAll(List.of("--seconds", Double.toString(seconds)));
    command.addAll(List.of("--warmup", Double.toString(CLIENT_WARMUP_SECONDS)));
    command.addAll(List.of("--pid", Long.toString(server.pid())));
    if (point.isPinned()) {
      command.addAll(List.of("--cpu", cpus.first()));
    }
    try {
      return Numbers.parse(Commands.run(command));
    } catch (IOException e) {
      throw new IOException(variant + " at " + point, e);
    }
  }

  private static void progress(String text) {
    System.err.println("benchmarks: " + text);
  }
}
