package io.fusewire.micrometer;

import io.fusewire.metrics.Counter;
import io.fusewire.metrics.GaugeValues;
import io.fusewire.metrics.HistogramSnapshot;
import io.fusewire.metrics.MetricsSnapshot;
import io.fusewire.metrics.OpcodeMetrics;
import io.fusewire.micrometer.RecentSnapshots.Pair;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.TimeGauge;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The meters of one mount in one registry. */
final class MountMeters {
  private static final double[] PERCENTS = {50, 95, 99, 99.9};

  private static final Map<String, Function<OpcodeMetrics.Times, HistogramSnapshot>> STAGES =
      Map.of(
          "queue", OpcodeMetrics.Times::queue,
          "service", OpcodeMetrics.Times::service,
          "total", OpcodeMetrics.Times::total);

  private final MeterRegistry registry;
  private final Tags common;
  private final RecentSnapshots snapshots;
  private final Queue<Meter> meters = new ConcurrentLinkedQueue<>();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  MountMeters(MeterRegistry registry, Tags common, RecentSnapshots snapshots) {
    this.registry = registry;
    this.common = common;
    this.snapshots = snapshots;
  }

  void register() {
    gauge("fusewire.in.flight", "requests read and not answered", GaugeValues::inFlight);
    gauge("fusewire.parked", "requests read above the limit and not started", GaugeValues::parked);
    gauge("fusewire.running", "handlers that run", GaugeValues::running);
    gauge("fusewire.limit", "requests that may be in flight", of -> of.limit().now());
    gauge("fusewire.limit.min", "the least the limit can become", of -> of.limit().min());
    gauge("fusewire.limit.max", "the most the limit can become", of -> of.limit().max());
    keep(
        Gauge.builder("fusewire.in.flight.bytes", () -> gauges().inFlightBytes())
            .baseUnit("bytes")
            .tags(common)
            .register(registry));
    keep(
        Gauge.builder("fusewire.in.flight.mean", () -> read().recent().meanInFlight())
            .description("requests in flight on average, by Little's law")
            .tags(common)
            .register(registry));
    keep(
        TimeGauge.builder(
                "fusewire.queued.oldest", () -> gauges().oldestQueuedNanos(), TimeUnit.NANOSECONDS)
            .description("how long the oldest waiting request has waited")
            .tags(common)
            .register(registry));
    for (Counter counter : Counter.values()) {
      register(counter);
    }
    MetricsSnapshot now = read().now();
    for (String name : now.gauges().queued().keySet()) {
      keep(
          Gauge.builder("fusewire.queued", () -> gauges().queued().get(name))
              .description("requests that wait for a handler")
              .tags(common.and("class", name))
              .register(registry));
    }
  }

  void close() {
    closed = true;
    meters.forEach(registry::remove);
    meters.clear();
  }

  private void register(Counter counter) {
    switch (counter) {
      case GATE_CLOSED -> timer("fusewire.gate.closed", counter, Counter.GATE_CLOSED_NANOS);
      case READING_STOPPED ->
          timer("fusewire.reading.stopped", counter, Counter.READING_STOPPED_NANOS);
      case GATE_CLOSED_NANOS, READING_STOPPED_NANOS -> {} // the times of the two above
      default ->
          counter(
              "fusewire.events",
              common.and("event", counter.name().toLowerCase(Locale.ROOT)),
              now -> now.counter(counter));
    }
  }

  private void timer(String name, Counter count, Counter nanos) {
    keep(
        FunctionTimer.builder(
                name,
                this,
                ignored -> read().now().counter(count),
                ignored -> read().now().counter(nanos),
                TimeUnit.NANOSECONDS)
            .tags(common)
            .register(registry));
  }

  private void gauge(String name, String description, ToLongFunction<GaugeValues> value) {
    keep(
        Gauge.builder(name, () -> value.applyAsLong(gauges()))
            .description(description)
            .tags(common)
            .register(registry));
  }

  // Micrometer holds the object weakly and the function strongly: each function keeps this alive.
  private void counter(String name, Tags tags, ToLongFunction<MetricsSnapshot> value) {
    keep(
        FunctionCounter.builder(name, this, ignored -> value.applyAsLong(read().now()))
            .tags(tags)
            .register(registry));
  }

  private void keep(Meter meter) {
    meters.add(meter);
    if (closed) {
      registry.remove(meter);
    }
  }

  // ---- reading -----------------------------------------------------------------------------

  private GaugeValues gauges() {
    return read().now().gauges();
  }

  /** Every reading passes here, so a scrape that finds something new makes the meters for it. */
  private Pair read() {
    Pair pair = snapshots.get();
    if (!closed) {
      for (OpcodeMetrics each : pair.now().opcodes()) {
        if (seen.add(each.name())) {
          register(each);
        }
      }
      for (String errno : pair.now().errors().keySet()) {
        if (seen.add("errno " + errno)) {
          counter(
              "fusewire.errors",
              common.and("errno", errno),
              now -> now.errors().getOrDefault(errno, 0L));
        }
      }
    }
    return pair;
  }

  private void register(OpcodeMetrics first) {
    int opcode = first.opcode();
    Tags tags = common.and("opcode", first.name());
    counter("fusewire.requests", tags, now -> count(now.opcode(opcode)));
    counter("fusewire.bytes", tags.and("direction", "in"), now -> bytes(now.opcode(opcode)).in());
    counter("fusewire.bytes", tags.and("direction", "out"), now -> bytes(now.opcode(opcode)).out());
    STAGES.forEach((name, stage) -> times(opcode, tags.and("stage", name), stage));
  }

  private void times(
      int opcode, Tags tags, Function<OpcodeMetrics.Times, HistogramSnapshot> stage) {
    keep(
        FunctionTimer.builder(
                "fusewire.request.duration",
                this,
                ignored -> stage.apply(timesOf(read().now(), opcode)).count(),
                ignored -> stage.apply(timesOf(read().now(), opcode)).sumNanos(),
                TimeUnit.NANOSECONDS)
            .description("of the requests that were timed")
            .tags(tags)
            .register(registry));
    for (double percent : PERCENTS) {
      keep(
          TimeGauge.builder(
                  "fusewire.request.duration.percentile",
                  () -> stage.apply(timesOf(read().recent(), opcode)).percentile(percent),
                  TimeUnit.NANOSECONDS)
              .tags(tags.and("percentile", percentText(percent)))
              .register(registry));
    }
  }

  private static String percentText(double percent) {
    return percent == Math.rint(percent)
        ? Integer.toString((int) percent)
        : Double.toString(percent);
  }

  private static long count(@Nullable OpcodeMetrics of) {
    return of == null ? 0 : of.count();
  }

  private static OpcodeMetrics.Bytes bytes(@Nullable OpcodeMetrics of) {
    return of == null ? new OpcodeMetrics.Bytes(0, 0) : of.bytes();
  }

  private static OpcodeMetrics.Times timesOf(MetricsSnapshot snapshot, int opcode) {
    OpcodeMetrics of = snapshot.opcode(opcode);
    return of == null ? OpcodeMetrics.Times.NONE : of.times();
  }
}
