package io.fusewire.session;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.metrics.PeriodicLine;
import io.fusewire.metrics.SessionMetrics;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.RequestClass;
import io.fusewire.schedule.Admission;
import io.fusewire.schedule.Environment;
import io.fusewire.schedule.LoadGauges;
import io.fusewire.schedule.ScheduleSettings;
import io.fusewire.schedule.Scheduler;
import io.fusewire.schedule.Watchdog;
import io.fusewire.transport.OwnedThreads;
import io.fusewire.transport.Threads;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What runs the requests of one session: scheduler, watchdog, executors, metrics. */
final class Engine {
  private static final System.Logger LOG = System.getLogger("io.fusewire");

  private final String name;
  private final Scheduler scheduler;
  private final SessionMetrics metrics;
  private final Watchdog watchdog;
  private final LongSupplier clock;
  private final boolean manual;
  private final Threads threads;
  private final OwnedThreads poolThreads;
  private final @Nullable ExecutorService pool;
  private volatile @Nullable WatchdogThread thread;

  /**
   * Makes all of it; nothing runs yet.
   *
   * @param negotiation what the file system's init lowered
   */
  Engine(
      String name,
      RawFileSystem fileSystem,
      MountOptions options,
      Negotiation negotiation,
      Wiring wiring) {
    this.name = name;
    poolThreads = new OwnedThreads(Thread.ofPlatform().name("fusewire-" + name + "-worker-", 0));
    manual = options.clock != null;
    clock = manual ? Objects.requireNonNull(options.clock) : System::nanoTime;
    ScheduleSettings settings = options.schedule(negotiation, KernelTimeout.deadline());
    boolean platform = settings.needsPlatformThreads(fileSystem);
    threads = threads(settings.dispatch(), options, platform);
    int most = threads.mayBlock() ? threads.count() - 1 : 0;
    pool =
        platform && !wiring.ownThreads() && options.executor == null
            ? Executors.newFixedThreadPool(most, poolThreads)
            : null;
    Executor virtual = options.executor == null ? virtualThreads(name) : options.executor;
    metrics =
        new SessionMetrics(
            clock,
            Arrays.stream(RequestClass.values())
                .map(each -> each.name().toLowerCase(Locale.ROOT))
                .toList());
    Environment environment =
        new Environment(
            virtual,
            wiring.ownThreads() ? null : pool == null ? virtual : pool,
            most,
            wiring.admission(),
            metrics,
            options.tracer,
            clock);
    scheduler = new Scheduler(fileSystem, settings, environment, wiring.onEnd());
    metrics.gauges(new LoadGauges(scheduler));
    Duration interval = options.metricsInterval;
    PeriodicLine line =
        interval == null
            ? null
            : new PeriodicLine(
                metrics::snapshot,
                interval,
                text -> LOG.log(System.Logger.Level.INFO, "{0}: {1}", name, text));
    watchdog = new Watchdog(scheduler, metrics, line);
  }

  /**
   * What the session gives to its engine.
   *
   * @param ownThreads whether the transport's threads run handlers that may block
   * @param admission who is served
   * @param onEnd called when the connection is over
   */
  record Wiring(boolean ownThreads, Admission admission, Runnable onEnd) {}

  /** In every mode with handlers that block there is one thread more, for one of them reads. */
  private static Threads threads(Dispatch dispatch, MountOptions options, boolean platform) {
    if (dispatch.mode() == Dispatch.Mode.WORKERS) {
      return new Threads(dispatch.workers() + 1, "worker", true);
    }
    int count = options.readers + (platform ? options.platformThreads : 0);
    return new Threads(count, "reader", platform);
  }

  private static Executor virtualThreads(String name) {
    var factory = Thread.ofVirtual().name("fusewire-" + name + "-handler-", 0).factory();
    return task -> factory.newThread(task).start();
  }

  Scheduler scheduler() {
    return scheduler;
  }

  SessionMetrics metrics() {
    return metrics;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  Threads threads() {
    return threads;
  }

  long now() {
    return clock.getAsLong();
  }

  /** Starts to look after requests. */
  void start() {
    if (!manual) {
      Duration interval = Watchdog.interval(scheduler.settings().times());
      thread = new WatchdogThread(name, watchdog, interval, clock);
    }
  }

  /** What the watchdog does, once. */
  void tick() {
    if (!manual) {
      throw new IllegalStateException("this mount has a watchdog: it was made without manualClock");
    }
    watchdog.tick(clock.getAsLong());
  }

  /** Starts no handler any more, and looks after nothing: the memory of slots is going away. */
  void end() {
    scheduler.end();
    WatchdogThread running = thread;
    if (running != null) {
      running.close();
    }
  }

  /** Joins the threads of its own, as far as handlers let them. */
  void close(Duration time) {
    if (pool != null) {
      pool.shutdown();
      try {
        if (!pool.awaitTermination(time.toNanos(), TimeUnit.NANOSECONDS)) {
          pool.shutdownNow();
          return; // some handlers do not end
        }
        poolThreads.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
