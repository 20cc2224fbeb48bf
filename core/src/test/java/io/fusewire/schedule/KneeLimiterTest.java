package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.AdaptiveLimit;
import org.junit.jupiter.api.Test;

/** The knee limiter against a store without chance: answers come at an exact rate. */
class KneeLimiterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final double PER_REQUEST = 100; // answers per second for each of them at once

  private final KneeLimiter limiter = new KneeLimiter(AdaptiveLimit.DEFAULT);
  private long now = -SECOND; // a clock may begin anywhere

  /** Answers for so long, as a store with this knee gives them to so many clients. */
  private void serve(KneeLimiter served, double seconds, int knee, int clients) {
    long end = now + (long) (seconds * SECOND);
    while (now < end) {
      int inFlight = Math.min(clients, served.limit());
      now += (long) (SECOND / (Math.min(knee, inFlight) * PER_REQUEST));
      served.completed(now, inFlight);
    }
  }

  private void serve(double seconds, int knee, int clients) {
    serve(limiter, seconds, knee, clients);
  }

  @Test
  void itFindsTheKneeAndStays() {
    for (int knee : new int[] {6, 20, 100, 700}) {
      KneeLimiter fresh = new KneeLimiter(AdaptiveLimit.DEFAULT);
      serve(fresh, 20, knee, 10_000);
      for (int i = 0; i < 100; i++) {
        serve(fresh, 0.5, knee, 10_000);
        assertThat(fresh.limit()).as("knee %d", knee).isBetween(knee * 3 / 4, knee * 8 / 5 + 2);
      }
    }
  }

  @Test
  void itStaysWithinItsBounds() {
    KneeLimiter narrow = new KneeLimiter(AdaptiveLimit.between(10, 30));
    for (int i = 0; i < 100; i++) {
      serve(narrow, 0.1, i < 50 ? 1 : 1000, 10_000);
      assertThat(narrow.limit()).isBetween(10, 30);
    }
    assertThat(narrow.limit()).isGreaterThan(20);
    KneeLimiter fixed = new KneeLimiter(AdaptiveLimit.between(7, 7));
    serve(fixed, 20, 100, 10_000);
    fixed.throttled(now, SECOND);
    serve(fixed, 20, 3, 10_000);
    assertThat(fixed.limit()).isEqualTo(7);
  }

  @Test
  void itHoldsWhileTheLimitIsNotUsed() {
    serve(20, 100, 10_000);
    serve(1, 100, 20);
    int limit = limiter.limit();
    for (int i = 0; i < 100; i++) {
      serve(1, 100, 20);
      assertThat(limiter.limit()).isEqualTo(limit);
    }
  }

  @Test
  void aProbeThatIsNotUsedIsTakenBack() {
    serve(20, 100, 10_000);
    int highest = 0;
    for (int i = 0; i < 1000; i++) {
      serve(0.05, 100, 10_000);
      highest = Math.max(highest, limiter.limit());
    }
    while (limiter.limit() < highest) {
      serve(0.01, 100, 10_000); // now it probes upward
    }
    serve(5, 100, 20);
    assertThat(limiter.limit()).isLessThan(highest);
  }

  @Test
  void aStoreThatBecomesSlowKeepsItsLimit() {
    serve(20, 100, 10_000);
    for (int i = 0; i < 100; i++) {
      long end = now + SECOND;
      while (now < end) {
        now += (long) (10 * SECOND / (Math.min(100, limiter.limit()) * PER_REQUEST));
        limiter.completed(now, limiter.limit());
      }
      assertThat(limiter.limit()).isBetween(75, 162);
    }
  }

  @Test
  void silenceAndJumpsOfTheClockMoveNothing() {
    serve(30, 100, 10_000);
    for (long jump : new long[] {600 * SECOND, -600 * SECOND, Long.MAX_VALUE / 2, -1, 0}) {
      int before = limiter.limit();
      now += jump;
      limiter.completed(now, before);
      assertThat(limiter.limit()).isEqualTo(before);
      serve(3, 100, 10_000);
      assertThat(limiter.limit()).isBetween(75, 162);
    }
  }

  @Test
  void answersOfOneInstantMoveNothing() {
    for (int i = 0; i < 100_000; i++) {
      limiter.completed(5, limiter.limit());
    }
    assertThat(limiter.limit()).isEqualTo(16);
  }

  @Test
  void manyRefusalsAtOnceCutOnceAndTheLimitIsHeld() {
    serve(30, 100, 10_000);
    int limit = limiter.limit();
    for (int i = 0; i < 50; i++) {
      limiter.throttled(now + i, 2 * SECOND);
    }
    int cut = (int) (limit * KneeLimiter.THROTTLE_FACTOR);
    assertThat(limiter.limit()).isEqualTo(cut);
    serve(1.9, 100, 10_000);
    assertThat(limiter.limit()).isEqualTo(cut);
    serve(20, 10_000, 10_000);
    int ceiling = (int) (limit * KneeLimiter.CEILING_FACTOR);
    assertThat(limiter.limit()).isBetween(ceiling * 3 / 4, ceiling);
    serve(60, 10_000, 10_000); // not throttled for long: it may be tried again
    assertThat(limiter.limit()).isGreaterThan(limit);
  }

  @Test
  void refusalsNeverGoBelowTheMinimum() {
    for (int i = 0; i < 100; i++) {
      limiter.throttled(now, i % 2 == 0 ? 0 : -5);
      serve(0.5, 100, 10_000);
      limiter.throttled(now, Long.MAX_VALUE); // no longer than a minute
      assertThat(limiter.limit()).isGreaterThanOrEqualTo(4);
      serve(61, 1, 3);
    }
    assertThat(limiter.limit()).isEqualTo(4);
    serve(60, 100, 10_000);
    assertThat(limiter.limit()).isGreaterThan(75);
  }
}
