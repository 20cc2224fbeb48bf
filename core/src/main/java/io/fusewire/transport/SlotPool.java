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
  private final Function<SlotPool, RequestSlot> factory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<RequestSlot> free;
  private final List<RequestSlot> all = new ArrayList<>();
  private boolean closed;

  /** A pool whose slots the transport makes. */
  public SlotPool(SlotSettings settings, Function<SlotPool, RequestSlot> factory) {
    this.settings = settings;
    this.factory = factory;
    this.free = new ArrayDeque<>(settings.slotsMax());
  }

  /** What the slots share. */
  public SlotSettings settings() {
    return settings;
  }

  /**
   * Takes a slot; waits while all are in use.
   *
   * @return null when the pool was closed
   */
  public @Nullable RequestSlot acquire() {
    lock.lock();
    try {
      while (!closed) {
        RequestSlot slot = free.pollFirst();
        if (slot != null) {
          return slot;
        }
        if (all.size() < settings.slotsMax()) {
          RequestSlot made = factory.apply(this);
          all.add(made);
          return made;
        }
        changed.awaitUninterruptibly();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** Takes a slot back; its memory is freed when the pool was closed meanwhile. */
  public void release(RequestSlot slot) {
    lock.lock();
    try {
      if (closed) {
        all.remove(slot);
        slot.free();
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
      return all.size() - free.size();
    } finally {
      lock.unlock();
    }
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
      while (all.size() > free.size()) {
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
    for (RequestSlot slot : snapshot()) {
      slot.revoke();
    }
  }

  private List<RequestSlot> snapshot() {
    lock.lock();
    try {
      return List.copyOf(all);
    } finally {
      lock.unlock();
    }
  }

  /** Wakes who waits and frees the idle slots; the others are freed as they come back. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      for (RequestSlot slot : free) {
        all.remove(slot);
        slot.free();
      }
      free.clear();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
