package io.fusewire.transport.memory;

import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * An executor with a clock of its own, on one thread: its owner's, who calls {@link #step}. Tasks
 * run in the order of their virtual time, and in an order drawn from the seed where that is the
 * same, so a run with the same seed is the same run. Time stands still while a task runs and jumps
 * to the next one.
 *
 * <p>Tasks may be added from any thread, but only what the owner's thread adds is reproducible.
 */
public final class SimExecutor implements Executor {
  /** How long a task given to {@link #execute} waits at most for its start, in nanoseconds. */
  public static final long START_NANOS_MAX = 20_000;

  private record Event(long time, long tie, long number, Runnable task)
      implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(time, other.time);
      if (byTime != 0) {
        return byTime;
      }
      int byTie = Long.compare(tie, other.tie);
      return byTie != 0 ? byTie : Long.compare(number, other.number);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final SplittableRandom random;
  private long now;
  private long number;
  private long ran;

  /** Starts at time 0; the order of what happens at the same time follows from the seed. */
  public SimExecutor(long seed) {
    random = new SplittableRandom(seed);
  }

  /** The virtual time in nanoseconds. */
  public synchronized long nanos() {
    return now;
  }

  /** How many tasks have been started. */
  public synchronized long tasksRun() {
    return ran;
  }

  /** How many tasks wait for their time. */
  public synchronized int tasksWaiting() {
    return events.size();
  }

  /** Runs a task soon: after a start-up time drawn from the seed. */
  @Override
  public synchronized void execute(Runnable task) {
    after(random.nextLong(START_NANOS_MAX), task);
  }

  /** Runs a task in so many nanoseconds. */
  public synchronized void after(long nanos, Runnable task) {
    events.add(new Event(now + Math.max(0, nanos), random.nextLong(), number++, task));
  }

  /**
   * Runs the next task on the calling thread; what it throws comes out here.
   *
   * @return false when there is none
   */
  public boolean step() {
    Runnable task = next();
    if (task == null) {
      return false;
    }
    task.run();
    return true;
  }

  private synchronized @Nullable Runnable next() {
    Event event = events.poll();
    if (event == null) {
      return null;
    }
    now = event.time;
    ran++;
    return event.task;
  }
}
