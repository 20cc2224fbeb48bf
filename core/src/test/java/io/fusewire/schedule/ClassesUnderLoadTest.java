package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.raw.RequestClass;
import io.fusewire.schedule.sim.Latency;
import io.fusewire.schedule.sim.Samples;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Classes of requests beside each other on one store; prints the second table of the guide. */
@Timeout(900) // the nightly form plays five times as long
class ClassesUnderLoadTest {
  private static final int TIMES = Integer.getInteger("fusewire.simulation.times", 1);
  private static final int SECONDS = 20 * TIMES;
  private static final double WARM_UP_SECONDS = 3;
  private static final int SEEDS = Integer.getInteger("fusewire.simulation.seeds", 1000);

  private static final Latency BULK = Latency.logNormal(30, 0.8);
  private static final Simulation.Clients STAT =
      Simulation.Clients.metadata(50, Latency.logNormal(5, 0.8), 100);

  private static Simulation run(long seed, Limiter limiter, boolean oneClass, int bulk, int stat) {
    Simulation run = new Simulation(seed, 256, limiter);
    run.options.oneClass = oneClass;
    if (bulk > 0) {
      run.add(Simulation.Clients.bulk(bulk, BULK));
    }
    if (stat > 0) {
      run.add(STAT);
    }
    run.runUntil(WARM_UP_SECONDS).measureFromNow();
    return run.runUntil(SECONDS);
  }

  private static Limiter knee() {
    return new KneeLimiter(AdaptiveLimit.DEFAULT);
  }

  private static Simulation row(
      String name, long seed, Supplier<Limiter> limiter, boolean oneClass) {
    Simulation run = run(seed, limiter.get(), oneClass, 1000, 50);
    Samples stat = run.of(RequestClass.METADATA).total;
    System.out.printf(
        Locale.ROOT,
        "  %-24s seed %d: stat p50 %6.1f ms, p99 %6.1f ms; bulk %5.1f %% of ideal%n",
        name,
        seed,
        stat.percentile(50),
        stat.percentile(99),
        100 * run.rate(RequestClass.FOREGROUND) / Scenario.B.ideal());
    return run;
  }

  private static void compare(long seed) {
    row("fixed 1024, one queue", seed, () -> new FixedLimiter(1024), true);
    row("fixed 1024, classes", seed, () -> new FixedLimiter(1024), false);
    row("fixed 64, one queue", seed, () -> new FixedLimiter(64), true);
    row("fixed 64, classes", seed, () -> new FixedLimiter(64), false);
    row("knee, one queue", seed, ClassesUnderLoadTest::knee, true);
  }

  @Test
  void metadataIsFastBesideAThousandBulkClientsThatLoseLittle() {
    for (long seed = 1; seed <= 3; seed++) {
      Samples idle = run(seed, knee(), false, 0, 50).of(RequestClass.METADATA).total;
      double alone = run(seed, knee(), false, 1000, 0).rate(RequestClass.FOREGROUND);
      System.out.printf(
          Locale.ROOT,
          "1000 bulk and 50 stat clients on B; stat alone p99 %.1f ms, bulk alone %.1f %%%n",
          idle.percentile(99),
          100 * alone / Scenario.B.ideal());
      if (TIMES > 1) {
        compare(seed);
      }
      Simulation run = row("knee, classes", seed, ClassesUnderLoadTest::knee, false);
      Samples stat = run.of(RequestClass.METADATA).total;
      assertThat(stat.percentile(99)).as("seed %d", seed).isLessThan(10 * idle.percentile(99));
      assertThat(run.rate(RequestClass.FOREGROUND)).as("seed %d", seed).isGreaterThan(0.95 * alone);
    }
  }

  @Test
  void nobodyStarvesWhateverTheOthersDo() {
    long checked = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        checked += crowd(seed, 1L << 40, 1).runUntil(4).boundsChecked;
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    System.out.printf("%d overdue requests in %d seeds, each within its bound%n", checked, SEEDS);
    assertThat(checked).isGreaterThan(SEEDS);
  }

  @Test
  void nobodyStarvesForBytesEither() {
    long checked = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      try {
        checked += crowd(seed, 8 << 20, 2).runUntil(4).boundsChecked;
      } catch (AssertionError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
    System.out.printf("%d overdue requests in %d seeds, each within its bound%n", checked, SEEDS);
    assertThat(checked).isGreaterThan(SEEDS / 10);
  }

  /** In each lane one client or many, as the seed says, with requests up to 1 MiB. */
  private static Simulation crowd(long seed, long bytesMax, int boundServices) {
    SplittableRandom random = new SplittableRandom(seed);
    int limit = random.nextInt(ClassQueues.STARTS_BEFORE_OVERDUE_MAX + 3, 40);
    Simulation run = new Simulation(seed, limit, new FixedLimiter(limit), bytesMax);
    run.options.boundServices = boundServices;
    int crowded = random.nextInt(1, 16);
    for (int lane = 0; lane < 4; lane++) {
      int count = (crowded & 1 << lane) == 0 ? 1 : random.nextInt(2, 100);
      RequestClass requestClass =
          switch (lane) {
            case 0 -> RequestClass.METADATA;
            case 3 -> RequestClass.BACKGROUND;
            default -> RequestClass.FOREGROUND;
          };
      boolean sync = lane == 1;
      long bytes = requestClass == RequestClass.METADATA || sync ? 0 : random.nextLong(1 << 20);
      Latency latency = Latency.logNormal(random.nextDouble(50, 400), 0.5);
      run.add(new Simulation.Clients(count, requestClass, sync, latency, 20, bytes));
    }
    return run;
  }
}
