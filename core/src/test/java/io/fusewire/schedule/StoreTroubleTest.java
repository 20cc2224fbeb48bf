package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.raw.RequestClass;
import io.fusewire.schedule.sim.Latency;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The knee limiter while a store throttles, goes silent, or is hardly used. */
@Timeout(120)
class StoreTroubleTest {
  private static final long SECOND = Simulation.SECOND;
  private static final long SEEDS = 5;
  private static final Latency LATENCY = Latency.logNormal(30, 0.8);

  private static Simulation storeB(long seed) {
    return new Simulation(seed, 256, new KneeLimiter(AdaptiveLimit.DEFAULT));
  }

  private static double part(Simulation run) {
    return run.rate() / Scenario.B.ideal();
  }

  private static void print(String what, long seed, Simulation run, double part) {
    System.out.printf(
        Locale.ROOT,
        "%s, seed %d: %.1f %% of what the store gives, limit %.0f, at least %d%n",
        what,
        seed,
        100 * part,
        run.meanLimit(),
        run.smallestLimit);
  }

  @Test
  void aStoreThatThrottlesIsUsedAndSeldomRefuses() {
    double allowed = 4000;
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation run = storeB(seed);
      run.store.throttle(allowed, SECOND);
      run.add(Simulation.Clients.bulk(1000, LATENCY));
      run.runUntil(10).measureFromNow();
      long refusals = run.store.refusals();
      run.runUntil(70);
      double refused = run.store.refusals() - refusals;
      print("throttled", seed, run, run.rate() / allowed);
      System.out.printf(Locale.ROOT, "  refused %.3f %%%n", 100 * refused / (run.rate() * 60));
      assertThat(run.rate() / allowed).as("seed %d", seed).isGreaterThan(0.8);
      assertThat(refused / (run.rate() * 60)).as("seed %d", seed).isLessThan(0.01);
    }
  }

  @Test
  void aBrownoutDoesNotCollapseTheLimitAndIsForgottenSoon() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation run = storeB(seed);
      run.store.brownout(10 * SECOND, 25 * SECOND, 10);
      run.add(Simulation.Clients.bulk(1000, LATENCY));
      run.runUntil(10).measureFromNow();
      run.smallestLimit = Integer.MAX_VALUE;
      run.runUntil(27).measureFromNow();
      int smallest = run.smallestLimit;
      run.runUntil(32);
      print("2 to 7 s after a brownout", seed, run, part(run));
      assertThat(smallest).as("limit, seed %d", seed).isGreaterThan(128);
      assertThat(part(run)).as("seed %d", seed).isGreaterThan(0.9);
    }
  }

  @Test
  void aBlackHoleMovesNoMoreThanAProbeAndDeadlinesDrainIt() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation run = storeB(seed);
      run.options.deadlineNanos = 5 * SECOND;
      run.store.blackHole(10 * SECOND, 25 * SECOND);
      run.add(Simulation.Clients.bulk(1000, LATENCY));
      run.runUntil(10);
      run.smallestLimit = Integer.MAX_VALUE;
      run.runUntil(30.5).measureFromNow(); // the last that went in ends by its deadline at 30 s
      int smallest = run.smallestLimit;
      run.runUntil(36);
      print("after a black hole", seed, run, part(run));
      assertThat(run.deadlines).isPositive();
      assertThat(smallest).as("limit, seed %d", seed).isGreaterThan(150);
      assertThat(part(run)).as("seed %d", seed).isGreaterThan(0.9);
    }
  }

  @Test
  void aPartitionMovesLittleAndItsEndIsNoBurst() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation run = storeB(seed);
      run.store.partition(10 * SECOND, 20 * SECOND);
      run.add(Simulation.Clients.bulk(1000, LATENCY));
      run.runUntil(10);
      run.smallestLimit = Integer.MAX_VALUE;
      run.runUntil(21).measureFromNow();
      run.runUntil(26);
      print("after a partition", seed, run, part(run));
      assertThat(run.smallestLimit).as("limit, seed %d", seed).isGreaterThan(150);
      assertThat(part(run)).as("seed %d", seed).isGreaterThan(0.9);
    }
  }

  @Test
  void anIdleStoreKeepsItsLimitAndABurstUsesItAtOnce() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation run = storeB(seed);
      run.add(Simulation.Clients.bulk(40, LATENCY));
      run.runUntil(20);
      int limit = run.limiter.limit();
      assertThat(limit).as("seed %d", seed).isBetween(40, 128);
      assertThat(run.rate()).as("seed %d", seed).isGreaterThan(0.9 * 40 / 0.03);
      run.add(Simulation.Clients.bulk(960, LATENCY));
      run.runUntil(25).measureFromNow();
      run.runUntil(30);
      print("a burst after 40 clients", seed, run, part(run));
      assertThat(part(run)).as("seed %d", seed).isGreaterThan(0.9);
    }
  }

  @Test
  void clockJumpsDoNoHarm() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Simulation run = storeB(seed);
      run.add(Simulation.Clients.bulk(1000, LATENCY));
      run.add(Simulation.Clients.metadata(50, Latency.logNormal(5, 0.8), 100));
      run.runUntil(5).measureFromNow();
      long[] jumps = {3600 * SECOND, -7200 * SECOND, 1, Long.MAX_VALUE / 2, -5 * SECOND};
      for (int i = 0; i < jumps.length; i++) {
        run.options.clockOffset += jumps[i];
        run.runUntil(6 + i);
      }
      print("clock jumps", seed, run, part(run));
      assertThat(run.smallestLimit).as("seed %d", seed).isGreaterThanOrEqualTo(16);
      assertThat(run.rate(RequestClass.FOREGROUND) / Scenario.B.ideal())
          .as("seed %d", seed)
          .isGreaterThan(0.9);
    }
  }
}
