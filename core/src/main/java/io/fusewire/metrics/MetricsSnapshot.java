package io.fusewire.metrics;

import io.fusewire.wire.Opcode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a mount since it began, or between two snapshots: see {@link #minus}.
 *
 * @param elapsedNanos how long it covers
 * @param opcodes those that were answered at least once, by number
 * @param errors how many requests were answered with each errno, by its name, by number
 * @param counters of everything else, all of them
 * @param gauges at the moment the snapshot was taken
 */
public record MetricsSnapshot(
    long elapsedNanos,
    List<OpcodeMetrics> opcodes,
    Map<String, Long> errors,
    Map<Counter, Long> counters,
    GaugeValues gauges) {

  /** Copies what it is given. */
  public MetricsSnapshot {
    opcodes = List.copyOf(opcodes);
    errors = Collections.unmodifiableMap(new LinkedHashMap<>(errors));
    counters = Collections.unmodifiableMap(new EnumMap<>(counters));
  }

  /**
   * What happened after an earlier snapshot of the same mount; the gauges are those of this one.
   */
  public MetricsSnapshot minus(MetricsSnapshot earlier) {
    List<OpcodeMetrics> between =
        opcodes.stream()
            .map(each -> minus(each, earlier.opcode(each.opcode())))
            .filter(each -> each.count() > 0)
            .toList();
    Map<String, Long> errorsBetween = new LinkedHashMap<>();
    errors.forEach(
        (name, count) -> {
          long more = count - earlier.errors.getOrDefault(name, 0L);
          if (more > 0) {
            errorsBetween.put(name, more);
          }
        });
    Map<Counter, Long> countersBetween = new EnumMap<>(Counter.class);
    counters.forEach((counter, n) -> countersBetween.put(counter, n - earlier.counter(counter)));
    return new MetricsSnapshot(
        elapsedNanos - earlier.elapsedNanos, between, errorsBetween, countersBetween, gauges);
  }

  private static OpcodeMetrics minus(OpcodeMetrics later, @Nullable OpcodeMetrics earlier) {
    return earlier == null ? later : later.minus(earlier);
  }

  /** Those of an {@link OpcodeMetrics#opcode}, or null when none was answered. */
  public @Nullable OpcodeMetrics opcode(int number) {
    for (OpcodeMetrics each : opcodes) {
      if (each.opcode() == number) {
        return each;
      }
    }
    return null;
  }

  /** The requests of one opcode, or null when none was answered. */
  public @Nullable OpcodeMetrics opcode(Opcode opcode) {
    return opcode(opcode.number());
  }

  /** The value of a counter. */
  public long counter(Counter counter) {
    return counters.getOrDefault(counter, 0L);
  }

  /** All answered requests. */
  public long count() {
    return opcodes.stream().mapToLong(OpcodeMetrics::count).sum();
  }

  /** Answers with an errno. */
  public long errorCount() {
    return errors.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Answered requests in a second; 0 when no time has passed. */
  public double perSecond() {
    return elapsedNanos <= 0 ? 0 : (double) count() * TimeUnit.SECONDS.toNanos(1) / elapsedNanos;
  }

  /**
   * How many requests were in flight on average, by Little's law: the sum of all their times
   * divided by the time that passed.
   */
  public double meanInFlight() {
    double nanos = opcodes.stream().mapToDouble(OpcodeMetrics::totalNanos).sum();
    return elapsedNanos <= 0 ? 0 : nanos / elapsedNanos;
  }

  /** The times of all opcodes together. */
  public OpcodeMetrics.Times times() {
    return opcodes.stream()
        .map(OpcodeMetrics::times)
        .reduce(OpcodeMetrics.Times.NONE, OpcodeMetrics.Times::plus);
  }

  /** Everything in a line for a log; of use for an interval. */
  public String line() {
    return MetricsText.line(this);
  }

  /** Everything as a table for people, several lines. */
  @Override
  public String toString() {
    return MetricsText.table(this);
  }
}
