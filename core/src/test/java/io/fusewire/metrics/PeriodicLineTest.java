package io.fusewire.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A line at each interval, about that interval. */
@Timeout(60)
class PeriodicLineTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - SECOND); // overflows soon
  private final SessionMetrics metrics = new SessionMetrics(clock::get, List.of());
  private final List<String> lines = new ArrayList<>();

  private boolean tickAfter(PeriodicLine line, long nanos) {
    return line.tick(clock.addAndGet(nanos));
  }

  private void requests(int count) {
    for (int i = 0; i < count; i++) {
      metrics.completed(Opcode.STATFS.number(), 1, 1, 0, 40, 96);
    }
  }

  @Test
  void aLineComesAtEachIntervalAndTellsOfThisOne() {
    PeriodicLine line = new PeriodicLine(metrics::snapshot, Duration.ofSeconds(2), lines::add);
    assertThat(tickAfter(line, 0)).isFalse();
    requests(10);
    assertThat(tickAfter(line, 2 * SECOND - 1)).isFalse();
    assertThat(lines).isEmpty();
    assertThat(tickAfter(line, 1)).isTrue();
    requests(4);
    assertThat(tickAfter(line, SECOND)).isFalse();
    assertThat(tickAfter(line, SECOND)).isTrue();
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("5 ops/s,");
    assertThat(lines.get(1)).startsWith("2 ops/s,");
  }

  @Test
  void afterAPauseThereIsOneLine() {
    PeriodicLine line = new PeriodicLine(metrics::snapshot, Duration.ofSeconds(1), lines::add);
    tickAfter(line, 0);
    assertThat(tickAfter(line, 10 * SECOND)).isTrue();
    assertThat(tickAfter(line, 0)).isFalse();
    assertThat(lines).hasSize(1);
  }

  @Test
  void aConsumerThatThrowsIsNotAskedAgainBeforeTheNextInterval() {
    PeriodicLine line =
        new PeriodicLine(
            metrics::snapshot,
            Duration.ofSeconds(1),
            text -> {
              lines.add(text);
              throw new IllegalStateException("disk full");
            });
    tickAfter(line, 0);
    assertThatThrownBy(() -> tickAfter(line, SECOND)).hasMessage("disk full");
    assertThat(tickAfter(line, 1)).isFalse();
    assertThat(lines).hasSize(1);
  }

  @Test
  void anIntervalIsPositive() {
    assertThatThrownBy(() -> new PeriodicLine(metrics::snapshot, Duration.ZERO, lines::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PT0S");
  }
}
