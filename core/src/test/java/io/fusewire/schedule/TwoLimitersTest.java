package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.raw.RequestClass;
import io.fusewire.schedule.sim.Samples;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two mounts on one store, each with a limiter that knows nothing of the other. */
@Timeout(900)
class TwoLimitersTest {
  private static final int TIMES = Integer.getInteger("fusewire.simulation.times", 1);
  private static final int SECONDS = 30 * TIMES;
  private static final long SEEDS = 3;
  private static final int CLIENTS_EACH = 500;

  private static Simulation mount(@Nullable Simulation beside, long seed) {
    Limiter limiter = new KneeLimiter(AdaptiveLimit.DEFAULT);
    Simulation mount =
        beside == null
            ? new Simulation(seed, Scenario.B.slots(), limiter)
            : new Simulation(beside, seed, limiter);
    mount.add(Simulation.Clients.bulk(CLIENTS_EACH, Scenario.B.latency()));
    return mount;
  }

  private static double p99(Simulation run) {
    Samples store = run.of(RequestClass.FOREGROUND).store;
    return store.percentile(99);
  }

  @Test
  void togetherTheyUseTheStoreWithoutAQueueOfAnotherOrderInIt() {
    for (long seed = 1; seed <= SEEDS; seed++) {
      double unloaded = Scenario.B.unloadedP99(seed);
      Simulation one = mount(null, seed);
      Simulation other = mount(one, seed + 100);
      one.runUntil(SECONDS);
      double goodput = (one.rate() + other.rate()) / Scenario.B.ideal();
      double share = Math.min(one.rate(), other.rate()) / Math.max(one.rate(), other.rate());
      double p99 = Math.max(p99(one), p99(other)) / unloaded;
      System.out.printf(
          Locale.ROOT,
          "two limiters on B, seed %d: goodput %.1f %%, p99 %.2f x unloaded, limits %.0f and %.0f,"
              + " the smaller share is %.2f of the larger%n",
          seed,
          100 * goodput,
          p99,
          one.meanLimit(),
          other.meanLimit(),
          share);
      assertThat(goodput).as("goodput, seed %d", seed).isGreaterThan(0.9);
      assertThat(p99).as("p99 in the store, seed %d", seed).isLessThan(3);
    }
  }
}
