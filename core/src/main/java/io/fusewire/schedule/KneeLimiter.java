package io.fusewire.schedule;

import io.fusewire.dispatch.AdaptiveLimit;

/**
 * Looks for the knee of a store: the smallest limit with which nearly all of its goodput is
 * reached. It measures completions over windows, doubles the limit while that pays, then probes a
 * fifth lower and a quarter higher for ever, more and more rarely while nothing changes. Latency
 * alone never moves the limit, so a store that becomes slow keeps its requests.
 *
 * <p>A window in which the requests did not use the limit, or in which nothing completed for half
 * of the time, says nothing about the store: it moves nothing and ends a probe. Constants were
 * chosen with the simulation described in docs/guide/limiter.md.
 */
final class KneeLimiter implements Limiter {
  static final int WINDOW_COMPLETIONS_MIN = 256;
  static final int WINDOW_GENERATIONS = 4;

  /** That a doubling pays shows in shorter windows; that it does not takes some of them. */
  static final int STARTUP_COMPLETIONS_MIN = 64;

  static final int STARTUP_GENERATIONS = 2;

  /** Windows of fast stores hold more completions, hence less noise. */
  static final long WINDOW_NANOS_MIN = 100_000_000L;

  /** Windows of slow stores end earlier, but never with fewer than the least completions. */
  static final long WINDOW_NANOS_MAX = 10_000_000_000L;

  /** A throttled store gets this much of the limit. */
  static final double THROTTLE_FACTOR = 0.7;

  /** And this much is the most until it has not throttled for {@link #CEILING_NANOS}. */
  static final double CEILING_FACTOR = 0.9;

  static final long CEILING_NANOS = 30_000_000_000L;
  static final long RETRY_AFTER_NANOS_MAX = 60_000_000_000L;

  private static final double STARTUP_GAIN = 1.3;
  private static final double STARTUP_BACK = 0.75;
  private static final double DOWN_STEP = 0.8;
  private static final double DOWN_KEEP = 0.96;
  private static final double UP_STEP = 1.25;
  private static final double UP_KEEP = 1.10;
  private static final int RAISES_BEFORE_DOUBLING = 2;
  private static final double CHANGED = 0.2;
  private static final int PAUSE_WINDOWS_MAX = 16;

  private enum State {
    STARTUP,
    BASE,
    DOWN,
    UP
  }

  private final int minimum;
  private final int maximum;
  private State state = State.STARTUP;

  /** The limit in force, and the one that probes return to. */
  private int limit;

  private int current;

  /** Completions per nanosecond at {@link #current}; 0 if not known. */
  private double baseline;

  /** How often this window is looked at, if it is one after a doubling. */
  private int checks = 1;

  /** The limit before the last doubling. */
  private int doubledFrom;

  private boolean goesUp;
  private int raises;
  private int failedProbes;
  private int pauseLength;
  private int pause;

  /** Completions to let pass: they belong to the limit before. */
  private int settling;

  private long windowStart;
  private long lastCompletion;
  private long longestGap;
  private int completions;
  private int fullCompletions;

  private boolean held;
  private long heldUntil;
  private int ceiling;
  private long ceilingUntil;

  KneeLimiter(AdaptiveLimit settings) {
    minimum = settings.minimum();
    maximum = settings.maximum();
    ceiling = maximum;
    limit = settings.initial();
    current = limit;
    doubledFrom = limit;
    // The first answers are the quick ones among many requests that began together.
    settling = Math.max(STARTUP_COMPLETIONS_MIN, limit);
  }

  @Override
  public int limit() {
    return limit;
  }

  @Override
  public int minimum() {
    return minimum;
  }

  @Override
  public int maximum() {
    return maximum;
  }

  /** What data can use when METADATA and sync requests leave their reserve unused; see Permits. */
  private static int fullFrom(int limit) {
    return Math.max(1, limit - Math.max(2, limit / 4));
  }

  @Override
  public void completed(long nowNanos, int inFlight) {
    long gap = nowNanos - lastCompletion;
    lastCompletion = nowNanos;
    if (gap < 0) { // the clock went back
      restart(nowNanos);
      return;
    }
    if (settling > 0) {
      if (--settling == 0) {
        restart(nowNanos);
      }
      return;
    }
    completions++;
    fullCompletions += inFlight >= fullFrom(limit) ? 1 : 0;
    longestGap = Math.max(longestGap, gap);
    long elapsed = nowNanos - windowStart;
    if (elapsed <= 0 || !isEnough(elapsed)) {
      return;
    }
    double rate = (double) completions / elapsed;
    boolean isTelling = longestGap <= elapsed / 2 && 2 * fullCompletions >= completions;
    if (isTelling && state == State.STARTUP && !pays(rate) && !isLong(elapsed)) {
      checks++; // that may be chance: look longer
      return;
    }
    restart(nowNanos);
    closed(nowNanos, isTelling, rate);
  }

  private boolean isEnough(long elapsed) {
    if (state == State.STARTUP) {
      int wanted = Math.max(STARTUP_COMPLETIONS_MIN, STARTUP_GENERATIONS * limit);
      return completions >= checks * wanted;
    }
    return isLong(elapsed);
  }

  private boolean isLong(long elapsed) {
    if (completions >= Math.max(WINDOW_COMPLETIONS_MIN, WINDOW_GENERATIONS * limit)) {
      return elapsed >= WINDOW_NANOS_MIN;
    }
    return completions >= STARTUP_COMPLETIONS_MIN && elapsed >= WINDOW_NANOS_MAX;
  }

  private void restart(long nowNanos) {
    windowStart = nowNanos;
    completions = 0;
    fullCompletions = 0;
    longestGap = 0;
    checks = 1;
  }

  private void closed(long nowNanos, boolean isTelling, double rate) {
    if (held && nowNanos - heldUntil >= 0) {
      held = false;
    }
    if (ceiling < maximum && nowNanos - ceilingUntil >= 0) {
      ceiling = maximum;
    }
    if (held || !isTelling) {
      hold();
      return;
    }
    switch (state) {
      case STARTUP -> startup(rate);
      case BASE -> base(rate);
      case DOWN -> judge(rate >= DOWN_KEEP * baseline, rate);
      case UP -> judge(rate >= UP_KEEP * baseline, rate);
    }
  }

  /** Back from a probe to where it began; what was measured before counts for nothing there. */
  private void hold() {
    if (state != State.STARTUP) {
      state = State.BASE;
      baseline = 0;
    }
    use(current);
  }

  private boolean pays(double rate) {
    return baseline == 0 || rate > STARTUP_GAIN * baseline;
  }

  private void startup(double rate) {
    if (pays(rate) && current < maximum) {
      baseline = rate;
      twice();
      return;
    }
    if (!pays(rate)) {
      current = Math.max(doubledFrom, (int) (current * STARTUP_BACK));
    }
    state = State.BASE;
    baseline = 0;
    use(current);
  }

  private void twice() {
    doubledFrom = current;
    current = Math.min(maximum, current * 2);
    use(current);
  }

  private void base(double rate) {
    if (baseline == 0) {
      baseline = rate;
    } else if (Math.abs(rate - baseline) > CHANGED * baseline) {
      baseline = rate; // the store or what is asked of it has changed: look again
      pause = 0;
      pauseLength = 0;
    } else {
      baseline += (rate - baseline) / 2;
    }
    if (pause > 0) {
      pause--;
      return;
    }
    int target = target();
    if (target == current) {
      failed();
    } else {
      state = goesUp ? State.UP : State.DOWN;
      use(target);
    }
  }

  private int target() {
    return goesUp
        ? Math.max(current, Math.min(ceiling, (int) (current * UP_STEP) + 1))
        : Math.max(minimum, (int) (current * DOWN_STEP));
  }

  private void judge(boolean keep, double rate) {
    boolean wentUp = state == State.UP;
    state = State.BASE;
    if (keep) {
      current = limit;
      baseline = rate;
      failedProbes = 0;
      pauseLength = 0;
      raises = wentUp ? raises + 1 : 0;
      if (raises == RAISES_BEFORE_DOUBLING && ceiling == maximum) {
        raises = 0;
        state = State.STARTUP; // the knee is far away: the store or what is asked of it has grown
        twice();
      }
      return;
    }
    raises = 0;
    failed();
    use(current);
  }

  /** Next time the other way; when both ways have failed, later each time. */
  private void failed() {
    goesUp = !goesUp;
    if (++failedProbes >= 2) {
      failedProbes = 0;
      pauseLength = Math.clamp(2L * pauseLength, 1, PAUSE_WINDOWS_MAX);
      pause = pauseLength;
    }
  }

  private void use(int newLimit) {
    if (newLimit != limit) {
      settling = Math.max(limit, newLimit);
      limit = newLimit;
    }
  }

  @Override
  public void throttled(long nowNanos, long retryAfterNanos) {
    long holdNanos = Math.clamp(retryAfterNanos, 0, RETRY_AFTER_NANOS_MAX);
    boolean isAnswerToCut = held && (settling > 0 || nowNanos - heldUntil < 0);
    if (!isAnswerToCut) {
      ceiling = Math.max(minimum, (int) (limit * CEILING_FACTOR));
      current = Math.max(minimum, (int) (limit * THROTTLE_FACTOR));
      state = State.BASE;
      baseline = 0;
      goesUp = true;
      pause = 0;
      pauseLength = 0;
      failedProbes = 0;
      raises = 0;
      use(current);
    }
    if (!held || nowNanos + holdNanos - heldUntil > 0) {
      heldUntil = nowNanos + holdNanos;
    }
    held = true;
    ceilingUntil = heldUntil + CEILING_NANOS;
  }
}
