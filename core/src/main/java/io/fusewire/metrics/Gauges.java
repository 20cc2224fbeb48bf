package io.fusewire.metrics;

/**
 * What a mount is at this moment. Asked by any thread, so the answers are quick and never block.
 */
public interface Gauges {
  /** Requests read and not answered. */
  long inFlight();

  /** Memory held by them, in bytes. */
  long inFlightBytes();

  /** Requests whose handler left and whose answer comes later. */
  long parked();

  /**
   * Requests that wait for a handler.
   *
   * @param classIndex in the list of classes that {@link SessionMetrics} was made with
   */
  long queued(int classIndex);

  /** How long the oldest of them has waited, in nanoseconds; 0 when none waits. */
  long oldestQueuedNanos();

  /** How many requests may be in flight. */
  long limit();

  /** The least that the limit can become. */
  long limitMin();

  /** The most that the limit can become. */
  long limitMax();

  /** Handlers that run. */
  long running();
}
