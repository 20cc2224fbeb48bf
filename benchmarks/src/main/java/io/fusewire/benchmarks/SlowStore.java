package io.fusewire.benchmarks;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * A store that serves so many requests at a time, first come first served, each in the same time,
 * and uses no CPU for it. Safe for all threads.
 */
final class SlowStore {
  /** {@code slow=MILLIS} for writes alone, or {@code slow=MILLIS:SLOTS} for all that is asked. */
  static final String OPTION = "slow=";

  /** So many writes may wait at a time: more than there are. */
  private static final int WRITES_MAX = 4096;

  private final long nanos;
  private final boolean writesOnly;
  private final Semaphore slots;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> Thread.ofPlatform().daemon().name("slow-store").unstarted(task));

  /**
   * A store without requests.
   *
   * @param writesOnly whether everything but writes passes it by
   */
  SlowStore(Duration time, int slots, boolean writesOnly) {
    this.nanos = time.toNanos();
    this.slots = new Semaphore(slots, true);
    this.writesOnly = writesOnly;
  }

  /** Reads what begins with {@link #OPTION}. */
  static SlowStore parse(String option) {
    String[] parts = option.substring(OPTION.length()).split(":", 2);
    boolean writesOnly = parts.length == 1;
    int slots = writesOnly ? WRITES_MAX : Integer.parseInt(parts[1]);
    return new SlowStore(Duration.ofMillis(Long.parseLong(parts[0])), slots, writesOnly);
  }

  boolean isForWritesOnly() {
    return writesOnly;
  }

  /** Waits until the store has answered. */
  void await() {
    slots.acquireUninterruptibly();
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      slots.release();
    }
  }

  /** Has this done on the store's thread once it has answered. */
  void then(Runnable action) {
    synchronized (waiting) {
      if (!slots.tryAcquire()) {
        waiting.add(action);
        return;
      }
    }
    start(action);
  }

  private void start(Runnable action) {
    var _ = timer.schedule(() -> end(action), nanos, TimeUnit.NANOSECONDS);
  }

  private void end(Runnable action) {
    Runnable next;
    synchronized (waiting) {
      next = waiting.poll();
      if (next == null) {
        slots.release();
      }
    }
    if (next != null) {
      start(next);
    }
    action.run();
  }
}
