package io.fusewire.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Cells that threads share: with a single copy, so that they meet on every machine. */
@Timeout(60)
class CellsTest {
  private static final int THREADS = 4;
  private static final int MANY = 1_000_000;

  private final Cells cells = new Cells(2, 1);

  @Test
  void nothingIsLostWhenThreadsAddToTheSameCopy() throws Exception {
    long steps = Together.run(THREADS, MANY, index -> Cells.add(cells.mine(), 0, 3));
    assertThat(cells.sum(0)).isEqualTo(3 * steps);
    assertThat(cells.sum(1)).isZero();
  }

  @Test
  void aLargerValueIsNeverReplacedByASmallerOne() throws Exception {
    AtomicLong replaced = new AtomicLong();
    Together.run(
        THREADS,
        MANY,
        index -> {
          long value = cells.max(1);
          if (index > 0) { // the first only watches
            value += index;
            Cells.raise(cells.mine(), 1, value);
          }
          if (cells.max(1) < value) {
            replaced.incrementAndGet();
          }
        });
    assertThat(replaced).hasValue(0);
    assertThat(cells.max(1)).isGreaterThanOrEqualTo(MANY);
    assertThat(cells.max(0)).isZero();
  }

  @Test
  void thereAreCopiesForTheThreadsThatCanRun() {
    assertThat(Cells.stripeCount(8, 1)).isEqualTo(1);
    assertThat(Cells.stripeCount(8, 2)).isEqualTo(2);
    assertThat(Cells.stripeCount(8, 3)).isEqualTo(4);
    assertThat(Cells.stripeCount(8, 4)).isEqualTo(4);
    assertThat(Cells.stripeCount(8, 64)).isEqualTo(8);
    assertThat(Cells.stripeCount(1, 64)).isEqualTo(1);
  }
}
