package io.fusewire.micrometer;

import io.fusewire.metrics.MetricsSnapshot;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots for many readers: one is used for a moment, because a scrape reads hundreds of meters,
 * and an older one is kept, because percentiles of all time no longer move after a week. Any
 * thread.
 */
final class RecentSnapshots {
  private final Supplier<MetricsSnapshot> source;
  private final LongSupplier nanoClock;
  private final long freshNanos;
  private final long windowNanos;

  private @Nullable Pair pair;
  private long takenAt;
  private @Nullable MetricsSnapshot base;
  private @Nullable MetricsSnapshot nextBase;
  private long nextBaseAt;

  /**
   * What a scrape reads.
   *
   * @param now since the mount began
   * @param recent the last one to two windows, or all as long as there was no full window
   */
  record Pair(MetricsSnapshot now, MetricsSnapshot recent) {}

  /**
   * Takes none yet.
   *
   * @param fresh how long a snapshot is used
   * @param window how far back percentiles look, at least
   */
  RecentSnapshots(
      Supplier<MetricsSnapshot> source, LongSupplier nanoClock, Duration fresh, Duration window) {
    this.source = source;
    this.nanoClock = nanoClock;
    this.freshNanos = fresh.toNanos();
    this.windowNanos = window.toNanos();
  }

  synchronized Pair get() {
    long time = nanoClock.getAsLong();
    Pair last = pair;
    if (last != null && time - takenAt < freshNanos) {
      return last;
    }
    MetricsSnapshot now = source.get();
    if (nextBase == null || time - nextBaseAt >= windowNanos) {
      base = nextBase;
      nextBase = now;
      nextBaseAt = time;
    }
    Pair next = new Pair(now, base == null ? now : now.minus(base));
    pair = next;
    takenAt = time;
    return next;
  }
}
