package io.fusewire.metrics;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Writes what happened since the last time as one line, at an interval. It has no thread: somebody
 * calls {@link #tick}, always the same thread.
 */
public final class PeriodicLine {
  private final Supplier<MetricsSnapshot> snapshots;
  private final long intervalNanos;
  private final Consumer<String> lines;
  private MetricsSnapshot last;
  private long due;
  private boolean started;

  /**
   * Takes the first snapshot; the first line comes an interval after the first tick.
   *
   * @throws IllegalArgumentException when the interval is not positive
   */
  public PeriodicLine(
      Supplier<MetricsSnapshot> snapshots, Duration interval, Consumer<String> lines) {
    if (!interval.isPositive()) {
      throw new IllegalArgumentException("the interval of a periodic line: " + interval);
    }
    this.snapshots = snapshots;
    this.intervalNanos = interval.toNanos();
    this.lines = lines;
    this.last = snapshots.get();
  }

  /**
   * Writes the line when it is due. What the consumer throws comes out of here; the next line is an
   * interval away all the same.
   *
   * @param nowNanos of a clock like {@link System#nanoTime}
   * @return whether a line was written
   */
  public boolean tick(long nowNanos) {
    if (!started) {
      started = true;
      due = nowNanos + intervalNanos;
    }
    if (nowNanos - due < 0) {
      return false;
    }
    // From now: after a pause one line is enough.
    due = nowNanos + intervalNanos;
    MetricsSnapshot now = snapshots.get();
    MetricsSnapshot between = now.minus(last);
    last = now;
    lines.accept(between.line());
    return true;
  }
}
