package io.fusewire.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is counted is what is shown, of all time and of an interval. */
@Timeout(60)
class SessionMetricsTest {
  private static final int READ = Opcode.READ.number();
  private static final int LOOKUP = Opcode.LOOKUP.number();
  private static final int THREADS = 4;
  private static final int MANY = 100_000;

  private final AtomicLong clock = new AtomicLong(-5); // nanoTime may be negative
  private final SessionMetrics metrics =
      new SessionMetrics(clock::get, List.of("metadata", "data"));

  private OpcodeMetrics of(Opcode opcode) {
    return requireNonNull(metrics.snapshot().opcode(opcode));
  }

  @Test
  void aRequestCountsWithItsTimesAndBytes() {
    metrics.completed(READ, 100, 1000, 0, 80, 4112);
    OpcodeMetrics read = of(Opcode.READ);
    assertThat(read.name()).isEqualTo("READ");
    assertThat(read.count()).isEqualTo(1);
    assertThat(read.errors()).isZero();
    assertThat(read.bytes()).isEqualTo(new OpcodeMetrics.Bytes(80, 4112));
    assertThat(read.times().queue().sumNanos()).isEqualTo(100);
    assertThat(read.times().service().sumNanos()).isEqualTo(1000);
    assertThat(read.times().total().sumNanos()).isEqualTo(1100);
    assertThat(metrics.snapshot().opcode(Opcode.WRITE)).isNull();
  }

  @Test
  void errorsCountByTheirNamesAndByOpcode() {
    metrics.completedUntimed(LOOKUP, Errno.ENOENT, 48, 16);
    metrics.completedUntimed(LOOKUP, Errno.ENOENT, 48, 16);
    metrics.completedUntimed(LOOKUP, Errno.EHWPOISON, 48, 16);
    metrics.completedUntimed(LOOKUP, 500, 48, 16); // has no name
    metrics.completedUntimed(LOOKUP, -1, 48, 16);
    metrics.completedUntimed(LOOKUP, 0, 48, 144);
    assertThat(of(Opcode.LOOKUP).count()).isEqualTo(6);
    assertThat(of(Opcode.LOOKUP).errors()).isEqualTo(5);
    assertThat(metrics.snapshot().errors())
        .isEqualTo(Map.of("ENOENT", 2L, "EHWPOISON", 1L, "OTHER", 2L));
    assertThat(metrics.snapshot().errorCount()).isEqualTo(5);
  }

  @Test
  void opcodesThatTheProtocolDoesNotKnowCountTogether() {
    for (int opcode : new int[] {-1, 0, 54, 4096, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      metrics.completed(opcode, 1, 1, Errno.ENOSYS, 40, 16);
    }
    List<OpcodeMetrics> opcodes = metrics.snapshot().opcodes();
    assertThat(opcodes).hasSize(1);
    assertThat(opcodes.getFirst().name()).isEqualTo("OTHER");
    assertThat(opcodes.getFirst().count()).isEqualTo(6);
  }

  @Test
  void everyOpcodeHasARowOfItsOwn() {
    for (Opcode opcode : Opcode.values()) {
      metrics.completed(opcode.number(), 1, 1, 0, 1, 1);
    }
    assertThat(metrics.snapshot().opcodes())
        .hasSize(Opcode.values().length) // CUSE_INIT is the other one
        .allSatisfy(each -> assertThat(each.count()).isEqualTo(1));
  }

  @Test
  void everyCounterHasItsMethod() {
    List<Runnable> methods =
        List.of(
            metrics::interruptReceived,
            metrics::interruptEarly,
            metrics::interruptLate,
            metrics::cancelled,
            metrics::abandoned,
            metrics::deadlineSoft,
            metrics::deadlineHard,
            metrics::lateAnswerUndone,
            metrics::replyUnwanted,
            () -> metrics.gateClosed(250),
            () -> metrics.readingStopped(350),
            metrics::keyConflict,
            metrics::inlineOverrun,
            metrics::lostAnswer,
            metrics::rejected,
            metrics::overrun);
    List<Counter> events =
        List.of(Counter.values()).stream().filter(each -> !each.isNanos()).toList();
    assertThat(events).hasSameSizeAs(methods);
    for (int i = 0; i < methods.size(); i++) {
      for (int times = 0; times <= i; times++) {
        methods.get(i).run();
      }
    }
    MetricsSnapshot snapshot = metrics.snapshot();
    for (int i = 0; i < events.size(); i++) {
      assertThat(snapshot.counter(events.get(i))).as("%s", events.get(i)).isEqualTo(i + 1);
    }
    assertThat(snapshot.counter(Counter.GATE_CLOSED_NANOS)).isEqualTo(10 * 250);
    assertThat(snapshot.counter(Counter.READING_STOPPED_NANOS)).isEqualTo(11 * 350);
  }

  @Test
  void gaugesAreAskedWhenASnapshotIsTaken() {
    assertThat(metrics.snapshot().gauges().queued()).isEqualTo(Map.of("metadata", 0L, "data", 0L));
    metrics.gauges(new FakeGauges());
    GaugeValues gauges = metrics.snapshot().gauges();
    assertThat(gauges.inFlight()).isEqualTo(3);
    assertThat(gauges.inFlightBytes()).isEqualTo(2048);
    assertThat(gauges.parked()).isEqualTo(1);
    assertThat(gauges.running()).isEqualTo(2);
    assertThat(gauges.limit()).isEqualTo(new GaugeValues.Limit(16, 4, 64));
    assertThat(gauges.queued()).isEqualTo(Map.of("metadata", 10L, "data", 11L));
    assertThat(gauges.queuedTotal()).isEqualTo(21);
    assertThat(gauges.oldestQueuedNanos()).isEqualTo(1_500_000);
  }

  @Test
  void anIntervalIsWhatHappenedInIt() {
    metrics.completed(READ, 0, 1_000_000, Errno.EIO, 80, 16);
    metrics.completed(LOOKUP, 0, 10, Errno.ENOENT, 48, 16);
    metrics.cancelled();
    clock.addAndGet(1000);
    MetricsSnapshot earlier = metrics.snapshot();
    metrics.completed(READ, 5, 5, Errno.EIO, 80, 116);
    metrics.completed(Opcode.WRITE.number(), 1, 2, 0, 1, 1);
    metrics.rejected();
    clock.addAndGet(500);
    MetricsSnapshot between = metrics.snapshot().minus(earlier);
    assertThat(earlier.elapsedNanos()).isEqualTo(1000);
    assertThat(between.elapsedNanos()).isEqualTo(500);
    assertThat(between.opcodes()).extracting(OpcodeMetrics::name).containsExactly("READ", "WRITE");
    OpcodeMetrics read = requireNonNull(between.opcode(Opcode.READ));
    assertThat(read.count()).isEqualTo(1);
    assertThat(read.errors()).isEqualTo(1);
    assertThat(read.bytes()).isEqualTo(new OpcodeMetrics.Bytes(80, 116));
    assertThat(read.times().total().percentile(100)).isEqualTo(10);
    assertThat(between.errors()).isEqualTo(Map.of("EIO", 1L));
    assertThat(between.counter(Counter.CANCELLED)).isZero();
    assertThat(between.counter(Counter.REJECTED)).isEqualTo(1);
  }

  @Test
  void theMeanInFlightIsThatOfLittlesLawAlsoForASample() {
    // 800 requests of 1 ms in 0.1 s are 8 at a time; each eighth is timed.
    for (int i = 0; i < 800; i++) {
      if (i % SessionMetrics.SAMPLE_EVERY == 0) {
        metrics.sampled(READ, 400_000, 600_000, 0, 80, 80);
      } else {
        metrics.completedUntimed(READ, 0, 80, 80);
      }
    }
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
    MetricsSnapshot snapshot = metrics.snapshot();
    assertThat(snapshot.count()).isEqualTo(800);
    assertThat(snapshot.perSecond()).isEqualTo(8000);
    assertThat(snapshot.meanInFlight()).isCloseTo(8, within(1e-9));
  }

  @Test
  void requestsAlwaysTimedAndSeldomTimedHaveTheirTrueSharesInTheHistogram() {
    for (int i = 0; i < 800; i++) {
      metrics.completed(READ, 0, 1_000_000, 0, 80, 80);
      if (i % SessionMetrics.SAMPLE_EVERY == 0) {
        metrics.sampled(READ, 0, 1000, 0, 80, 80);
      } else {
        metrics.completedUntimed(READ, 0, 80, 80);
      }
    }
    OpcodeMetrics read = of(Opcode.READ);
    assertThat(read.count()).isEqualTo(1600);
    assertThat(read.times().total().count()).isEqualTo(1600);
    assertThat(read.times().total().mean()).isEqualTo(500_500);
    assertThat(read.totalNanos()).isEqualTo(800 * 1_001_000.0);
  }

  @Test
  void noTimePassedGivesNoRates() {
    metrics.completed(READ, 1, 1, 0, 1, 1);
    assertThat(metrics.snapshot().perSecond()).isZero();
    assertThat(metrics.snapshot().meanInFlight()).isZero();
  }

  @Test
  void countsAreExactWhenThreadsAnswerTogether() throws Exception {
    long steps =
        Together.run(
            THREADS,
            MANY,
            index -> {
              metrics.completed(LOOKUP, 10, 20, Errno.ENOENT, 3, 5);
              metrics.completedUntimed(LOOKUP, 0, 3, 5);
            });
    OpcodeMetrics lookup = of(Opcode.LOOKUP);
    assertThat(lookup.count()).isEqualTo(2 * steps);
    assertThat(lookup.bytes()).isEqualTo(new OpcodeMetrics.Bytes(6 * steps, 10 * steps));
    assertThat(lookup.errors()).isEqualTo(steps);
    assertThat(lookup.times().total().sumNanos()).isEqualTo(30 * steps);
    assertThat(metrics.snapshot().errors()).isEqualTo(Map.of("ENOENT", steps));
  }

  @Test
  void theRequestPathAllocatesNothing() throws Throwable {
    LongSupplier allocated = AllocatedBytes.ofThisThread();
    for (int i = 0; i < 20_000; i++) {
      requestPath(i);
    }
    long before = allocated.getAsLong();
    for (int i = 0; i < MANY; i++) {
      requestPath(i);
    }
    assertThat(allocated.getAsLong() - before).isZero();
    // The ruler works: an array of 100 longs is seen.
    before = allocated.getAsLong();
    long[] array = new long[100];
    assertThat(allocated.getAsLong() - before).isGreaterThanOrEqualTo(800);
    assertThat(array).hasSize(100);
  }

  private void requestPath(int i) {
    metrics.completed(READ, i, 10L * i, i & 1, 80, 4096);
    metrics.sampled(READ, i, 10L * i, 0, 80, 4096);
    metrics.completedUntimed(LOOKUP, i % 200, 48, 144);
    metrics.interruptReceived();
    metrics.gateClosed(i);
    GateEvent.emit(1, 2, 3);
    if (RequestEvent.enabled() || RequestEvent.start() != null) {
      throw new IllegalStateException("no recording wants it");
    }
  }
}
