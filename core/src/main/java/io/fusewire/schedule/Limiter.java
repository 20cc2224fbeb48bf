package io.fusewire.schedule;

/**
 * How many requests may be in a store at once. Guarded by the scheduler's lock; times are nanos of
 * one clock, of which only differences count.
 */
interface Limiter {
  /** The limit in force; read it for each admission. */
  int limit();

  /** It is never lower than this. */
  int minimum();

  /** It is never higher than this. */
  int maximum();

  /**
   * Learns that the store has answered a request, well or with an error. Not to be called for a
   * request that a deadline or an interrupt ended: that says nothing about the store.
   *
   * @param inFlight requests that held a permit, the answered one included
   */
  void completed(long nowNanos, int inFlight);

  /**
   * Learns that the store has asked for fewer requests (503, 429, SlowDown).
   *
   * @param retryAfterNanos how long it wants to be left alone, 0 if it did not say
   */
  void throttled(long nowNanos, long retryAfterNanos);
}
