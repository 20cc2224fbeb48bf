package io.fusewire.schedule;

/** A limit that never changes. */
record FixedLimiter(int limit) implements Limiter {
  FixedLimiter {
    if (limit < 1) {
      throw new IllegalArgumentException("the limit is " + limit + ": give 1 or more");
    }
  }

  @Override
  public int minimum() {
    return limit;
  }

  @Override
  public int maximum() {
    return limit;
  }

  @Override
  public void completed(long nowNanos, int inFlight) {
    // nothing to learn
  }

  @Override
  public void throttled(long nowNanos, long retryAfterNanos) {
    // whoever sets a fixed limit knows the store
  }
}
