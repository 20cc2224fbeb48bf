package io.fusewire.session;

import io.fusewire.schedule.Watchdog;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The thread that has a mount's watchdog look around; its owner closes it. */
final class WatchdogThread implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.fusewire");

  private final Watchdog watchdog;
  private final Duration interval;
  private final LongSupplier clock;
  private final CountDownLatch ending = new CountDownLatch(1);
  private final Thread thread;

  WatchdogThread(String name, Watchdog watchdog, Duration interval, LongSupplier clock) {
    this.watchdog = watchdog;
    this.interval = interval;
    this.clock = clock;
    this.thread =
        Thread.ofPlatform().name("fusewire-" + name + "-watchdog").daemon(true).start(this::run);
  }

  private void run() {
    try {
      while (!ending.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
        tick();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    try {
      watchdog.tick(clock.getAsLong());
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "the watchdog failed; it looks again", e);
    }
  }

  @Override
  public void close() {
    ending.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
