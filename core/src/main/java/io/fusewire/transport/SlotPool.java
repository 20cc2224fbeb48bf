package io.fusewire.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The slots of a session: made on demand up to a limit, the last used first. Safe for all threads.
 *
 * <p>A slot's memory is address space until it is touched. Slots that carried large payloads give
 * their pages back when more than {@value #WARM_SLOTS} slots lie idle.
 */
public final class SlotPool {
  private static final int WARM_SLOTS = 16;
  private static final long LARGE_BYTES = 64 * 1024;

  private final SlotSettings settings;
  private final RequestListener listener;
  private final Function<SlotPool, RequestSlot> factory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<RequestSlot> free;
  private final List<RequestSlot> all = new ArrayList<>();
  private int guests;
  private volatile RequestSlot[] snapshot = {};
  private boolean closed;

  /** A pool whose slots the transport makes. */
  public SlotPool(
      SlotSettings settings, RequestListener listener, Function<SlotPool, RequestSlot> factory) {
    this.settings = settings;
    this.listener = listener;
    this.factory = factory;
    this.free = new ArrayDeque<>(settings.slotsMax());
  }

  /** What the slots share. */
  public SlotSettings settings() {
    return settings;
  }

  /** Who is told what happens to the slots. */
  RequestListener listener() {
    return listener;
  }

  /**
   * Takes a slot; waits while all are in use.
   *
   * @return null when none came back in this time, or the pool was closed
   */
  public @Nullable RequestSlot acquire(long timeoutNanos) {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (!closed) {
        RequestSlot slot = free.pollFirst();
        if (slot != null) {
          return slot;
        }
        if (mayGrow()) {
          RequestSlot made = factory.apply(this);
          add(made);
          return made;
        }
        if (left <= 0) {
          return null;
        }
        left = changed.awaitNanos(left);
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void add(RequestSlot slot) {
    all.add(slot);
    snapshot = all.toArray(RequestSlot[]::new);
  }

  /** Takes in a slot that the transport keeps: it is seen with the others, and never acquired. */
  public void addGuest(RequestSlot slot) {
    lock.lock();
    try {
      guests++;
      add(slot);
    } finally {
      lock.unlock();
    }
  }

  /** Lets a slot of {@link #addGuest} go that nobody uses, and frees its memory. */
  public void removeGuest(RequestSlot slot) {
    lock.lock();
    try {
      if (all.contains(slot)) {
        guests--;
        remove(slot);
      }
    } finally {
      lock.unlock();
    }
  }

  /** True when {@link #acquire} would not wait. */
  public boolean hasFree() {
    lock.lock();
    try {
      return !closed && (!free.isEmpty() || mayGrow());
    } finally {
      lock.unlock();
    }
  }

  /** Abandoned slots do not count, up to twice as many as there may be of the others. */
  private boolean mayGrow() {
    int most = settings.slotsMax();
    int own = all.size() - guests;
    return own < most || own - Math.min(abandoned(), 2 * most) < most;
  }

  /** Slots that a handler holds whose request was answered for it. Looks at all of them. */
  public int abandoned() {
    int count = 0;
    for (RequestSlot slot : snapshot) {
      if (slot.isAbandoned()) {
        count++;
      }
    }
    return count;
  }

  /** True when the pool was closed. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** All slots there are, to look at their requests; not to be changed. For any thread. */
  public RequestSlot[] slots() {
    return snapshot;
  }

  /** Takes a slot back; its memory is freed when the pool was closed meanwhile. */
  public void release(RequestSlot slot) {
    boolean home = slot.goHome();
    lock.lock();
    try {
      if (home) {
        changed.signalAll();
        return;
      }
      if (closed) {
        remove(slot);
      } else {
        if (slot.receivedBytes() > LARGE_BYTES && free.size() >= WARM_SLOTS) {
          slot.shrink();
        }
        free.addFirst(slot);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The number of slots that carry a request, or are held by a reader for the next. */
  public int inUse() {
    lock.lock();
    try {
      return used();
    } finally {
      lock.unlock();
    }
  }

  private int used() {
    int resting = 0;
    for (RequestSlot slot : all) {
      if (slot.isResting()) {
        resting++;
      }
    }
    return all.size() - free.size() - resting;
  }

  /**
   * Waits until every slot is back.
   *
   * @return false when some are still out after this time
   */
  public boolean awaitIdle(long timeoutNanos) {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (used() > 0) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Takes the right to answer from everybody who has not answered. */
  public void revokeAll() {
    for (RequestSlot slot : snapshot) {
      slot.revoke();
    }
  }

  /** Wakes who waits and frees the idle slots; the others are freed as they come back. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      for (RequestSlot slot : List.copyOf(free)) {
        remove(slot);
      }
      free.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void remove(RequestSlot slot) {
    all.remove(slot);
    snapshot = all.toArray(RequestSlot[]::new);
    slot.free();
  }
}
