package io.fusewire.transport.dev;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * The duty to read the device, held by one reader at a time. Its holder keeps it from request to
 * request while they are cheap, so that no other thread is woken, and hands it over before a large
 * or slow one. After a large WRITE, whose copy happens inside read(2), everybody reads freely until
 * {@value #FREE_READS} cheap requests have passed.
 *
 * <p>Requests may be left for readers that are busy. Whoever leaves one looks for waiting readers
 * afterwards, and whoever begins to wait looks for requests left afterwards: one sees the other. A
 * reader that reads freely looks for neither, so where requests are left nobody reads freely.
 *
 * <p>Shared by all readers of a transport; allocates nothing.
 */
final class ReadingDuty {
  private static final int FREE_READS = 16;

  /** One reader's place in the queue for the duty. */
  static final class Seat {
    private final AtomicBoolean waiting = new AtomicBoolean();
    private final Thread thread;

    Seat(Thread thread) {
      this.thread = thread;
    }
  }

  private final AtomicBoolean held = new AtomicBoolean();
  private final AtomicInteger freeReads = new AtomicInteger();
  private final Seat[] seats;
  private final BooleanSupplier work;
  private final boolean mayBeFree;
  private volatile boolean over;

  /**
   * A duty for readers that will take their seats.
   *
   * @param work whether a request waits for a thread; cheap
   * @param mayBeFree false when requests ever wait for a thread
   */
  ReadingDuty(int readers, BooleanSupplier work, boolean mayBeFree) {
    seats = new Seat[readers];
    this.work = work;
    this.mayBeFree = mayBeFree;
  }

  /** Gives a reader its seat before the readers start. */
  void seat(int index, Thread thread) {
    seats[index] = new Seat(thread);
  }

  /**
   * Waits for the duty, or for something better to do.
   *
   * @return false when a request was left, or when {@link #isOver}
   */
  boolean acquire(int reader) {
    Seat seat = seats[reader];
    while (!over) {
      if (held.compareAndSet(false, true)) {
        return true;
      }
      seat.waiting.set(true);
      // Looked at again after waiting was published: a release in between, or a request that was
      // left, has seen us or we it.
      if (held.compareAndSet(false, true)) {
        seat.waiting.set(false);
        return true;
      }
      if (work.getAsBoolean() && seat.waiting.compareAndSet(true, false)) {
        return leaveForWork();
      }
      while (seat.waiting.get() && !over) {
        LockSupport.park(this);
      }
      seat.waiting.set(false);
      if (work.getAsBoolean()) {
        return leaveForWork();
      }
    }
    return false;
  }

  /** Goes to serve a request; if the duty is free, that is somebody else's now. */
  private boolean leaveForWork() {
    if (!held.get()) {
      wakeOne();
    }
    return false;
  }

  /** Gives the duty up and wakes one reader that waits for it. */
  void release() {
    held.set(false);
    wakeOne();
  }

  /** Wakes one reader that waits, to look for work. Never blocks; for any thread. */
  void wakeForWork() {
    wakeOne();
  }

  private boolean wakeOne() {
    for (Seat seat : seats) {
      if (seat.waiting.compareAndSet(true, false)) {
        LockSupport.unpark(seat.thread);
        return true;
      }
    }
    return false;
  }

  /** True when some reader waits for the duty. */
  boolean someoneWaits() {
    for (Seat seat : seats) {
      if (seat.waiting.get()) {
        return true;
      }
    }
    return false;
  }

  /** True while everybody may read without the duty. */
  boolean isFree() {
    return freeReads.get() > 0;
  }

  /** A large WRITE came in: let everybody read for a while. */
  void largeWrite() {
    if (mayBeFree) {
      freeReads.set(FREE_READS);
      wakeOne();
    }
  }

  /** A cheap request came in. */
  void cheapRequest() {
    int left = freeReads.get();
    if (left > 0) {
      // A lost decrement only prolongs the free reading by one request.
      freeReads.compareAndSet(left, left - 1);
    }
  }

  /** True when the connection is over. */
  boolean isOver() {
    return over;
  }

  /** Ends all waiting: the connection is over. */
  void end() {
    over = true;
    for (Seat seat : seats) {
      LockSupport.unpark(seat.thread);
    }
  }
}
