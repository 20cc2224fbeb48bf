package io.fusewire.stress;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what other processes do. */
final class Waiting {
  private static final long LOOK_NANOS = 1_000_000;

  private Waiting() {}

  /** Returns once it is so; fails with the state after {@link StressMount#PATIENCE}. */
  static void until(BooleanSupplier condition, Supplier<String> state) {
    long end = System.nanoTime() + StressMount.PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("after " + StressMount.PATIENCE + ": " + state.get());
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  /** Takes this long, as a slow store would. */
  static void slowly(long nanos) {
    long end = System.nanoTime() + nanos;
    for (long left = nanos; left > 0; left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }
}
