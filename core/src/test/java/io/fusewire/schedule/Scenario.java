package io.fusewire.schedule;

import io.fusewire.raw.RequestClass;
import io.fusewire.schedule.sim.Latency;
import java.util.List;

/**
 * A store, its clients, and what the best limit would give.
 *
 * @param slots servers of the store
 * @param meanMillis the mean of the latency
 * @param seconds of virtual time
 * @param brownoutSeconds how long it is ten times slower, beginning after a quarter of the time
 */
record Scenario(
    String name,
    int slots,
    double meanMillis,
    Latency latency,
    int clients,
    int seconds,
    int brownoutSeconds) {
  private static final double BROWNOUT_FACTOR = 10;
  private static final int NO_BOUND = 100_000;

  static final Scenario A = logNormal("A: near, 2 ms, 8 slots, 64 clients", 2, 0.5, 8, 64, 20);
  static final Scenario B =
      logNormal("B: object store, 30 ms, 256 slots, 1000 clients", 30, 0.8, 256, 1000, 20);
  static final Scenario C =
      logNormal("C: WAN, 150 ms, 64 slots, 1000 clients", 150, 0.8, 64, 1000, 100);
  static final Scenario D =
      new Scenario("D: B, for a while 10 x slower", 256, 30, B.latency, 1000, 36, 10);
  static final Scenario E =
      logNormal("E: 50 ms, unlimited, 1000 clients", 50, 0.8, NO_BOUND, 1000, 20);
  static final Scenario F =
      new Scenario("F: B with Pareto 1.8", 256, 30, Latency.pareto(30, 1.8), 1000, 20, 0);
  static final Scenario G =
      new Scenario(
          "G: B, 1 in 20 is 20 x slower",
          256,
          30,
          Latency.bimodal(15.385, 307.7, 0.05),
          1000,
          20,
          0);

  static final List<Scenario> ALL = List.of(A, B, C, D, E, F, G);

  private static Scenario logNormal(
      String name, double millis, double sigma, int slots, int clients, int seconds) {
    return new Scenario(name, slots, millis, Latency.logNormal(millis, sigma), clients, seconds, 0);
  }

  /** The same for so many times as long. */
  Scenario longer(int times) {
    return new Scenario(
        name, slots, meanMillis, latency, clients, seconds * times, brownoutSeconds * times);
  }

  /** How many requests at once suffice for the most answers per second. */
  int knee() {
    return Math.min(slots, clients);
  }

  /** Answers per second at the knee. */
  double ideal() {
    double slowPart = (double) brownoutSeconds / seconds;
    return knee() / meanMillis * 1000 * (1 - slowPart + slowPart / BROWNOUT_FACTOR);
  }

  /** A run of all of it, the limiter's beginning included. */
  Simulation run(long seed, Limiter limiter) {
    return run(new Simulation(seed, slots, limiter), clients);
  }

  /** What a store without a queue in it would show, in milliseconds. */
  double unloadedP99(long seed) {
    Simulation run = run(new Simulation(seed, NO_BOUND, new FixedLimiter(NO_BOUND)), knee());
    return run.of(RequestClass.FOREGROUND).store.percentile(99);
  }

  private Simulation run(Simulation simulation, int bulkClients) {
    long from = seconds * Simulation.SECOND / 4;
    long to = from + brownoutSeconds * Simulation.SECOND;
    simulation.store.brownout(from, to, BROWNOUT_FACTOR);
    simulation.add(Simulation.Clients.bulk(bulkClients, latency));
    return simulation.runUntil(seconds);
  }
}
