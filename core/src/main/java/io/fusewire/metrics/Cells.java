package io.fusewire.metrics;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Longs that many threads add to, without a lock. They exist in several copies (stripes), so that
 * threads seldom write to the same cache line; a value is the sum of its copies.
 */
final class Cells {
  private static final VarHandle CELL = MethodHandles.arrayElementVarHandle(long[].class);

  /** Two cache lines at both ends: processors fetch lines in pairs. */
  private static final int PAD = 16;

  private final long[][] stripes;
  private final int mask;

  Cells(int size, int stripesMax) {
    int count = stripeCount(stripesMax, Runtime.getRuntime().availableProcessors());
    stripes = new long[count][PAD + size + PAD];
    mask = count - 1;
  }

  /** A power of two that is enough for the threads which can run at the same time. */
  static int stripeCount(int max, int processors) {
    return Integer.highestOneBit(Math.min(max, 2 * processors - 1));
  }

  /**
   * The copy of this thread. Ids are given in a row, so the few readers of a mount fall on
   * different copies; a random probe would not promise that.
   */
  long[] mine() {
    return stripes[(int) Thread.currentThread().threadId() & mask];
  }

  static void add(long[] mine, int cell, long amount) {
    long _ = (long) CELL.getAndAdd(mine, PAD + cell, amount);
  }

  /** The cell becomes at least this large; such cells are read by {@link #max}. */
  static void raise(long[] mine, int cell, long value) {
    long seen = (long) CELL.getOpaque(mine, PAD + cell);
    while (value > seen) {
      long witness = (long) CELL.compareAndExchange(mine, PAD + cell, seen, value);
      if (witness == seen) {
        return;
      }
      seen = witness;
    }
  }

  long sum(int cell) {
    long sum = 0;
    for (long[] stripe : stripes) {
      sum += (long) CELL.getOpaque(stripe, PAD + cell);
    }
    return sum;
  }

  long max(int cell) {
    long max = 0;
    for (long[] stripe : stripes) {
      max = Math.max(max, (long) CELL.getOpaque(stripe, PAD + cell));
    }
    return max;
  }
}
