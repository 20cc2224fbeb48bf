package io.fusewire.metrics;

/**
 * What a mount is at this moment. Asked by any thread, so the answers are quick and never block.
 */
public interface Gauges {
  /**
   * Requests read and not answered, queued and running, without the parked ones. Those that run
   * inline count only when they are answered later, where the dispatch limits them.
   */
  long inFlight();

  /** Memory held by these and the parked ones, in bytes. */
  long inFlightBytes();

  /** Requests that were read above the limit and have not started. */
  long parked();

  /**
   * Requests that wait for a handler.
   *
   * @param classIndex in the list of classes that {@link SessionMetrics} was made with
   */
  long queued(int classIndex);

  /** How long the oldest of them has waited, in nanoseconds; 0 when none waits. */
  long oldestQueuedNanos();

  /** How many handlers may run at a time: the limit on requests, or what the adaptive one is. */
  long limit();

  /** The least that the limit can become. */
  long limitMin();

  /** The most that the limit can become. */
  long limitMax();

  /** Requests that have started and are not answered. */
  long running();
}
