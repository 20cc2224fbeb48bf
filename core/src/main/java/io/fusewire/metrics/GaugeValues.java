package io.fusewire.metrics;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the {@link Gauges} said when a snapshot was taken; all 0 when there were none.
 *
 * @param inFlight requests read and not answered
 * @param inFlightBytes memory held by them
 * @param parked requests read above the limit and not started
 * @param queued requests that wait for a handler, by the name of their class
 * @param oldestQueuedNanos how long the oldest of them has waited
 * @param limit how many may be in flight, and the range of this number
 * @param running handlers that run
 */
public record GaugeValues(
    long inFlight,
    long inFlightBytes,
    long parked,
    Map<String, Long> queued,
    long oldestQueuedNanos,
    Limit limit,
    long running) {

  /** How many requests may be in flight now, at the least and at the most. */
  public record Limit(long now, long min, long max) {}

  /** Keeps the order of the classes. */
  public GaugeValues {
    queued = Collections.unmodifiableMap(new LinkedHashMap<>(queued));
  }

  static GaugeValues of(@Nullable Gauges gauges, List<String> classNames) {
    Map<String, Long> queued = new LinkedHashMap<>();
    for (int i = 0; i < classNames.size(); i++) {
      queued.put(classNames.get(i), gauges == null ? 0 : gauges.queued(i));
    }
    if (gauges == null) {
      return new GaugeValues(0, 0, 0, queued, 0, new Limit(0, 0, 0), 0);
    }
    return new GaugeValues(
        gauges.inFlight(),
        gauges.inFlightBytes(),
        gauges.parked(),
        queued,
        gauges.oldestQueuedNanos(),
        new Limit(gauges.limit(), gauges.limitMin(), gauges.limitMax()),
        gauges.running());
  }

  /** Requests that wait for a handler, of all classes. */
  public long queuedTotal() {
    return queued.values().stream().mapToLong(Long::longValue).sum();
  }
}
