package io.fusewire.micrometer;

import io.fusewire.metrics.MetricsSnapshot;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows the metrics of one mount in Micrometer registries; docs/guide/metrics.md lists the meters.
 * Any thread.
 *
 * <p>Meters of an opcode or an errno appear when it is first seen. Percentiles and the mean in
 * flight are those of the last one to two minutes, everything else counts from the beginning of the
 * mount. The registry keeps the mount in memory until {@link #close} removes its meters.
 */
public final class FusewireMetrics implements MeterBinder, AutoCloseable {
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private final RecentSnapshots snapshots;
  private final Tags tags;
  private final List<MountMeters> bound = new CopyOnWriteArrayList<>();

  /**
   * Binds nothing yet.
   *
   * @param source gives the present metrics of the mount; asked at most once a second
   * @param tags on all meters; they tell this mount from others, such as its mount point
   */
  public FusewireMetrics(Supplier<MetricsSnapshot> source, Iterable<Tag> tags) {
    this(source, tags, System::nanoTime);
  }

  FusewireMetrics(Supplier<MetricsSnapshot> source, Iterable<Tag> tags, LongSupplier nanoClock) {
    this.snapshots = new RecentSnapshots(source, nanoClock, FRESH, WINDOW);
    this.tags = Tags.of(tags);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    MountMeters meters = new MountMeters(registry, tags, snapshots);
    bound.add(meters);
    meters.register();
  }

  /** Removes the meters from the registries. */
  @Override
  public void close() {
    bound.forEach(MountMeters::close);
    bound.clear();
  }
}
