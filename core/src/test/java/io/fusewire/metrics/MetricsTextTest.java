package io.fusewire.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The line for a log and the table for people. */
@Timeout(60)
class MetricsTextTest {
  private final AtomicLong clock = new AtomicLong();
  private final SessionMetrics metrics = new SessionMetrics(clock::get, List.of("data"));

  @Test
  void timesAndBytesHaveThreeDigitsAndAUnit() {
    assertThat(MetricsText.time(0)).isEqualTo("0 ns");
    assertThat(MetricsText.time(999)).isEqualTo("999 ns");
    assertThat(MetricsText.time(1234)).isEqualTo("1.23 us");
    assertThat(MetricsText.time(12_345)).isEqualTo("12.3 us");
    assertThat(MetricsText.time(123_456)).isEqualTo("123 us");
    assertThat(MetricsText.time(1_000_000)).isEqualTo("1.00 ms");
    assertThat(MetricsText.time(TimeUnit.HOURS.toNanos(1))).isEqualTo("3600 s");
    assertThat(MetricsText.bytes(1023)).isEqualTo("1023 B");
    assertThat(MetricsText.bytes(1536)).isEqualTo("1.50 KiB");
    assertThat(MetricsText.bytes(Long.MAX_VALUE)).isEqualTo("8388608 TiB");
  }

  private void someRequests() {
    for (int i = 0; i < 98; i++) {
      metrics.completed(Opcode.READ.number(), 4, 8, 0, 80, 4096);
    }
    metrics.completed(Opcode.LOOKUP.number(), 0, 15_000_000, Errno.ENOENT, 48, 16);
    metrics.completed(Opcode.LOOKUP.number(), 0, 15_000_000, Errno.EIO, 48, 16);
    metrics.completedUntimed(Opcode.LOOKUP.number(), Errno.EIO, 48, 16);
    metrics.gateClosed(1_500_000);
    metrics.gateClosed(1_500_000);
    metrics.gauges(new FakeGauges());
    clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(500));
  }

  @Test
  void theLineTellsAnInterval() {
    MetricsSnapshot before = metrics.snapshot();
    someRequests();
    assertThat(metrics.snapshot().minus(before).line())
        .isEqualTo(
            "202 ops/s, in flight 3 (mean 0.09, limit 16), p50 12 ns, p99 15.0 ms,"
                + " errors 3 (EIO 2, ENOENT 1), gate closed 2 times for 3.00 ms,"
                + " queued 10 (oldest 1.50 ms)");
  }

  @Test
  void theLineOfAQuietIntervalHasZeros() {
    assertThat(metrics.snapshot().line())
        .isEqualTo(
            "0 ops/s, in flight 0 (mean 0.00, limit 0), p50 0 ns, p99 0 ns,"
                + " errors 0, gate closed 0 times for 0 ns, queued 0 (oldest 0 ns)");
  }

  @Test
  void theLineNamesOnlyTheMostFrequentErrors() {
    for (int errno = 1; errno <= 5; errno++) {
      for (int i = 0; i < errno; i++) {
        metrics.completedUntimed(Opcode.OPEN.number(), errno, 1, 1);
      }
    }
    assertThat(metrics.snapshot().line()).contains("errors 15 (EIO 5, EINTR 4, ESRCH 3, ...)");
  }

  @Test
  void theTableHasARowForEachOpcodeInAnyLocale() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.GERMANY);
    try {
      someRequests();
      List<String> lines = metrics.snapshot().toString().lines().toList();
      assertThat(lines.get(0))
          .isEqualTo("101 requests in 500 ms: 202/s, 0.09 in flight on average");
      assertThat(lines.get(1))
          .isEqualTo("now 3 in flight (2.00 KiB), limit 16 of 4 to 64, 2 running, 1 parked");
      assertThat(lines.get(2)).isEqualTo("queued 10, the oldest for 1.50 ms: {data=10}");
      assertThat(lines.get(4)).startsWith("LOOKUP ").contains(" 3 ", "144 B", "15.0 ms");
      assertThat(lines.get(5)).startsWith("READ ").contains(" 98 ", "392 KiB", "12 ns");
      assertThat(lines.get(6)).isEqualTo("errors {ENOENT=1, EIO=2}");
      assertThat(lines.get(7)).isEqualTo("gate closed 2, ns gate closed 3000000");
      assertThat(lines).hasSize(8);
      assertThat(lines.get(3)).hasSameSizeAs(lines.get(4)).hasSameSizeAs(lines.get(5));
    } finally {
      Locale.setDefault(before);
    }
  }
}
