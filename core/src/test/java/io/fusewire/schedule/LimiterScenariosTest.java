package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.raw.RequestClass;
import io.fusewire.schedule.sim.Samples;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Limiters against stores of several kinds. With {@code -Dfusewire.simulation.times=5} it runs for
 * five times as long, beside fixed limits, and prints the table of docs/guide/limiter.md.
 */
@Timeout(900) // the nightly form plays five times as long
class LimiterScenariosTest {
  private static final int TIMES = Integer.getInteger("fusewire.simulation.times", 1);
  private static final long SEEDS = 3;

  private record Variant(String name, Supplier<Limiter> limiter) {}

  private static final List<Variant> FIXED =
      List.of(
          new Variant("fixed 12", () -> new FixedLimiter(12)),
          new Variant("fixed 64", () -> new FixedLimiter(64)),
          new Variant("fixed 1024", () -> new FixedLimiter(1024)));

  private static final Variant KNEE =
      new Variant("knee", () -> new KneeLimiter(AdaptiveLimit.DEFAULT));

  @Test
  void theKneeLimiterGetsNearlyAllOfEachStoreWithoutAQueueInIt() {
    for (Scenario quick : Scenario.ALL) {
      Scenario scenario = quick.longer(TIMES);
      print("%s; %d s, ideal %.0f/s%n", scenario.name(), scenario.seconds(), scenario.ideal());
      double unloaded = scenario.unloadedP99(1);
      for (Variant fixed : TIMES > 1 ? FIXED : List.<Variant>of()) {
        row(scenario, fixed, 1, unloaded);
      }
      for (long seed = 1; seed <= SEEDS; seed++) {
        Simulation run = row(scenario, KNEE, seed, unloaded);
        double p99 = run.of(RequestClass.FOREGROUND).store.percentile(99);
        assertThat(run.rate() / scenario.ideal())
            .as("goodput in %s, seed %d", scenario.name(), seed)
            .isGreaterThan(0.9);
        assertThat(p99 / unloaded).as("p99 in %s, seed %d", scenario.name(), seed).isLessThan(1.5);
      }
    }
  }

  private static Simulation row(Scenario scenario, Variant variant, long seed, double unloaded) {
    Simulation run = scenario.run(seed, variant.limiter().get());
    Samples store = run.of(RequestClass.FOREGROUND).store;
    print(
        "  %-10s seed %d: goodput %5.1f %%, store p50 %7.1f ms, p99 %7.1f ms = %4.2f x unloaded,"
            + " limit %4.0f%n",
        variant.name(),
        seed,
        100 * run.rate() / scenario.ideal(),
        store.percentile(50),
        store.percentile(99),
        store.percentile(99) / unloaded,
        run.meanLimit());
    return run;
  }

  @SuppressWarnings("AnnotateFormatMethod")
  private static void print(String format, Object... values) {
    System.out.printf(Locale.ROOT, format, values);
  }
}
