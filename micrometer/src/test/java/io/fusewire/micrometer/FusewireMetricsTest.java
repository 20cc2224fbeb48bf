package io.fusewire.micrometer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.fusewire.metrics.Counter;
import io.fusewire.metrics.GaugeValues;
import io.fusewire.metrics.MetricsSnapshot;
import io.fusewire.metrics.SessionMetrics;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the meters of a registry say about a mount. */
@Timeout(60)
class FusewireMetricsTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Tags MOUNT = Tags.of("mount", "/mnt/photos");
  private static final int READ = Opcode.READ.number();

  private final AtomicLong clock = new AtomicLong();
  private final AtomicInteger asked = new AtomicInteger();
  private final SessionMetrics metrics = new SessionMetrics(clock::get, List.of("data"));
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @AfterEach
  void closeRegistry() {
    registry.close();
  }

  private FusewireMetrics binder() {
    return new FusewireMetrics(
        () -> {
          asked.incrementAndGet();
          return metrics.snapshot();
        },
        MOUNT,
        clock::get);
  }

  private double counter(String name, String... tags) {
    clock.addAndGet(SECOND);
    return registry.get(name).tags(MOUNT).tags(tags).functionCounter().count();
  }

  private double gauge(String name, String... tags) {
    clock.addAndGet(SECOND);
    return registry.get(name).tags(MOUNT).tags(tags).gauge().value();
  }

  private double percentile(String stage, String percent) {
    clock.addAndGet(SECOND);
    return registry
        .get("fusewire.request.duration.percentile")
        .tags("opcode", "READ", "stage", stage, "percentile", percent)
        .timeGauge()
        .value(TimeUnit.NANOSECONDS);
  }

  @Test
  void requestsAndTheirBytesAreCountedByOpcode() {
    metrics.completed(READ, 5, 1000, 0, 80, 4112);
    metrics.completedUntimed(READ, 0, 80, 4112);
    binder().bindTo(registry);
    assertThat(counter("fusewire.requests", "opcode", "READ")).isEqualTo(2);
    assertThat(counter("fusewire.bytes", "opcode", "READ", "direction", "in")).isEqualTo(160);
    assertThat(counter("fusewire.bytes", "opcode", "READ", "direction", "out")).isEqualTo(8224);
    FunctionTimer total =
        registry
            .get("fusewire.request.duration")
            .tags("opcode", "READ", "stage", "total")
            .functionTimer();
    assertThat(total.count()).isEqualTo(1);
    assertThat(total.totalTime(TimeUnit.NANOSECONDS)).isCloseTo(1005, within(1e-6));
  }

  @Test
  void opcodesAndErrnosAppearWhenTheyAreFirstSeen() {
    binder().bindTo(registry);
    assertThat(registry.find("fusewire.requests").functionCounters()).isEmpty();
    assertThat(registry.find("fusewire.errors").functionCounters()).isEmpty();
    metrics.completed(Opcode.LOOKUP.number(), 1, 1, Errno.ENOENT, 48, 16);
    assertThat(gauge("fusewire.in.flight")).isZero(); // any meter, as a scrape reads them
    assertThat(counter("fusewire.requests", "opcode", "LOOKUP")).isEqualTo(1);
    assertThat(counter("fusewire.errors", "errno", "ENOENT")).isEqualTo(1);
    metrics.completed(Opcode.LOOKUP.number(), 1, 1, Errno.ENOENT, 48, 16);
    assertThat(counter("fusewire.errors", "errno", "ENOENT")).isEqualTo(2);
    assertThat(registry.find("fusewire.requests").functionCounters()).hasSize(1);
  }

  @Test
  void everyCounterOfTheSnapshotIsShown() {
    metrics.cancelled();
    metrics.gateClosed(2 * SECOND);
    metrics.readingStopped(3 * SECOND);
    binder().bindTo(registry);
    assertThat(counter("fusewire.events", "event", "cancelled")).isEqualTo(1);
    assertThat(counter("fusewire.events", "event", "interrupt_early")).isZero();
    FunctionTimer gate = registry.get("fusewire.gate.closed").functionTimer();
    assertThat(gate.count()).isEqualTo(1);
    assertThat(gate.totalTime(TimeUnit.SECONDS)).isEqualTo(2);
    FunctionTimer reading = registry.get("fusewire.reading.stopped").functionTimer();
    assertThat(reading.totalTime(TimeUnit.SECONDS)).isEqualTo(3);
    assertThat(registry.get("fusewire.events").functionCounters())
        .hasSize(Counter.values().length - 4); // two timers of two counters each
  }

  @Test
  void gaugesShowThePresentState() {
    GaugeValues now =
        new GaugeValues(
            3, 2048, 1, Map.of("data", 7L), SECOND, new GaugeValues.Limit(16, 4, 64), 2);
    MetricsSnapshot snapshot =
        new MetricsSnapshot(SECOND, List.of(), Map.of(), Map.of(Counter.REJECTED, 1L), now);
    new FusewireMetrics(() -> snapshot, MOUNT, clock::get).bindTo(registry);
    assertThat(gauge("fusewire.in.flight")).isEqualTo(3);
    assertThat(gauge("fusewire.in.flight.bytes")).isEqualTo(2048);
    assertThat(gauge("fusewire.parked")).isEqualTo(1);
    assertThat(gauge("fusewire.running")).isEqualTo(2);
    assertThat(gauge("fusewire.limit")).isEqualTo(16);
    assertThat(gauge("fusewire.limit.min")).isEqualTo(4);
    assertThat(gauge("fusewire.limit.max")).isEqualTo(64);
    assertThat(gauge("fusewire.queued", "class", "data")).isEqualTo(7);
    assertThat(registry.get("fusewire.queued.oldest").timeGauge().value(TimeUnit.SECONDS))
        .isEqualTo(1);
  }

  @Test
  void percentilesForgetWhatIsTwoWindowsOld() {
    metrics.completed(READ, 1_000_000, 1_000_000, 0, 80, 80);
    binder().bindTo(registry);
    assertThat(percentile("service", "99.9")).isCloseTo(1e6, within(1e6 / 16));
    for (int minute = 0; minute < 2; minute++) {
      clock.addAndGet(60 * SECOND);
      metrics.completed(READ, 1, 10, 0, 80, 80);
      gauge("fusewire.in.flight");
    }
    assertThat(percentile("service", "99.9")).isEqualTo(10);
    assertThat(percentile("total", "50")).isEqualTo(11);
    assertThat(counter("fusewire.requests", "opcode", "READ")).isEqualTo(3);
  }

  @Test
  void theMeanInFlightIsThatOfTheInterval() {
    binder().bindTo(registry);
    for (int i = 0; i < 5; i++) {
      metrics.completed(READ, 0, SECOND, 0, 80, 80);
    }
    // 5 requests of a second in the second that passes before it is read.
    assertThat(gauge("fusewire.in.flight.mean")).isEqualTo(5);
  }

  @Test
  void aScrapeOfAllMetersTakesOneSnapshot() {
    metrics.completed(READ, 1, 1, 0, 80, 80);
    binder().bindTo(registry);
    clock.addAndGet(SECOND);
    int before = asked.get();
    for (Meter meter : registry.getMeters()) {
      meter.measure().forEach(each -> assertThat(each.getValue()).isNotNaN());
    }
    assertThat(registry.getMeters()).hasSizeGreaterThan(30);
    assertThat(asked.get() - before).isEqualTo(1);
  }

  @Test
  void closingRemovesEveryMeterAndOnlyThose() {
    Gauge other = Gauge.builder("other", () -> 1).register(registry);
    metrics.completed(READ, 1, 1, Errno.EIO, 80, 80);
    FusewireMetrics binder = binder();
    binder.bindTo(registry);
    assertThat(registry.find("fusewire.requests").functionCounter()).isNotNull();
    binder.close();
    assertThat(registry.getMeters()).containsExactly(other);
  }

  @Test
  void twoMountsShareARegistry() {
    SessionMetrics music = new SessionMetrics(clock::get, List.of("data"));
    metrics.completed(READ, 1, 1, 0, 80, 80);
    music.completed(READ, 1, 1, 0, 80, 80);
    music.completed(READ, 1, 1, 0, 80, 80);
    binder().bindTo(registry);
    try (FusewireMetrics second =
        new FusewireMetrics(music::snapshot, Tags.of("mount", "/mnt/music"), clock::get)) {
      second.bindTo(registry);
      assertThat(registry.get("fusewire.requests").functionCounters())
          .extracting(each -> each.getId().getTag("mount"), each -> each.count())
          .containsExactlyInAnyOrder(tuple("/mnt/photos", 1.0), tuple("/mnt/music", 2.0));
    }
    assertThat(registry.get("fusewire.requests").functionCounters()).hasSize(1);
  }

  @Test
  void metersGoOnWhenNobodyHoldsTheBinder() {
    metrics.completed(READ, 1, 1, 0, 80, 80);
    WeakReference<FusewireMetrics> binder = new WeakReference<>(binder());
    bind(binder);
    Awaitility.await()
        .until(
            () -> {
              System.gc();
              return binder.get() == null;
            });
    assertThat(counter("fusewire.requests", "opcode", "READ")).isEqualTo(1);
    assertThat(gauge("fusewire.queued", "class", "data")).isZero();
  }

  private void bind(WeakReference<FusewireMetrics> binder) {
    FusewireMetrics held = binder.get();
    if (held != null) {
      held.bindTo(registry);
    }
  }
}
