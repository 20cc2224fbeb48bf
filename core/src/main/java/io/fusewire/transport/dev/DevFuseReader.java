package io.fusewire.transport.dev;

import io.fusewire.transport.LargeRequests;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.SlotPool;
import io.fusewire.wire.Errno;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A thread that reads requests and runs their handlers, or passes them on.
 *
 * <p>It keeps the reading duty for cheap inline requests. Before a large one, or one whose handler
 * sits in system calls, it hands the duty over and runs the handler itself: the duty moves, not the
 * request. Only when no other reader is free to take the duty is a request queued for whichever
 * reader is done first, so that there is always one that reads.
 */
final class DevFuseReader implements Runnable {
  /** How often a reader that waits looks whether the connection has ended. */
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** How many read errors in a row end the connection. */
  private static final int ERRORS_MAX = 16;

  private static final System.Logger LOG = System.getLogger("io.fusewire");

  private final int index;
  private final DevFuseTransport transport;
  private final ReadingDuty duty;
  private final SlotPool slots;
  private final RequestListener listener;
  private final boolean gated;
  private boolean onDuty;
  private int errors;

  DevFuseReader(int index, DevFuseTransport transport, RequestListener listener) {
    this.index = index;
    this.transport = transport;
    this.duty = transport.duty();
    this.slots = transport.slots();
    this.listener = listener;
    this.gated = transport.isGated();
  }

  @Override
  public void run() {
    DevFuseSlot slot = null;
    try {
      while (true) {
        serveWaiting();
        if (slot == null) {
          slot = freeSlot();
          if (slot == null) {
            break;
          }
        }
        if (!takeDuty()) {
          if (duty.isOver()) {
            break;
          }
          continue; // a request waits for a thread
        }
        if (gated && !listener.mayRead() && !awaitMayRead()) {
          break;
        }
        long bytes = slot.read();
        if (bytes == 0) { // no device of FUSE: nothing will ever come
          break;
        }
        if (bytes < 0) {
          if (isOver((int) -bytes)) {
            break;
          }
          continue;
        }
        errors = 0;
        slot = handle(slot, bytes);
      }
    } finally {
      onDuty = false;
      duty.end();
      serveWaiting();
      if (slot != null) {
        slots.release(slot);
      }
      transport.readerEnded();
    }
  }

  /** A slot for the next request; null when the connection has ended. */
  private @Nullable DevFuseSlot freeSlot() {
    while (true) {
      DevFuseSlot slot = (DevFuseSlot) slots.acquire(LOOK_NANOS);
      if (slot != null) {
        return slot;
      }
      if (slots.isClosed() || transport.isOver()) {
        return null;
      }
      serveWaiting();
    }
  }

  /** Waits while too much is in flight; false when the connection has ended. */
  private boolean awaitMayRead() {
    while (!listener.awaitMayRead(LOOK_NANOS)) {
      if (transport.isOver()) {
        return false;
      }
    }
    return true;
  }

  private boolean takeDuty() {
    if (onDuty || duty.isFree()) {
      return true;
    }
    onDuty = duty.acquire(index);
    return onDuty;
  }

  private void giveDutyUp() {
    if (onDuty) {
      onDuty = false;
      duty.release();
    }
  }

  /** True when the connection is over; false when the read is to be tried again. */
  private boolean isOver(int errno) {
    return switch (errno) {
      case Errno.EINTR, Errno.EAGAIN, Errno.ENOENT -> false; // ENOENT: it vanished while copied
      case Errno.ENODEV, Errno.ECONNABORTED -> true; // unmounted or aborted
      default -> isPersistent(errno);
    };
  }

  private boolean isPersistent(int errno) {
    errors++;
    LOG.log(
        System.Logger.Level.ERROR,
        "reading /dev/fuse failed ({0} of {1} tries): {2}",
        errors,
        ERRORS_MAX,
        Errno.describe(errno));
    return errors >= ERRORS_MAX;
  }

  /** Serves or passes on; returns the slot when it is free again. */
  private @Nullable DevFuseSlot handle(DevFuseSlot slot, long bytes) {
    if (bytes > LargeRequests.BYTES) {
      duty.largeWrite();
    } else {
      duty.cheapRequest();
    }
    if (!slot.received(bytes)) {
      return slot;
    }
    RequestListener.Arrival arrival = listener.arrived(slot);
    if (arrival == RequestListener.Arrival.TAKEN) {
      return null;
    }
    if (arrival == RequestListener.Arrival.HERE || LargeRequests.isLarge(slot)) {
      giveDutyUp();
    }
    return serve(slot) ? slot : null;
  }

  private boolean serve(DevFuseSlot slot) {
    boolean free = listener.serve(slot);
    boolean _ = Thread.interrupted(); // what a handler left behind must not disturb our waits
    return free;
  }

  /** Serves requests that wait for a thread; whoever has the duty reads instead. */
  private void serveWaiting() {
    if (onDuty) {
      return;
    }
    DevFuseSlot slot = (DevFuseSlot) listener.next();
    while (slot != null) {
      if (serve(slot)) {
        slots.release(slot);
      }
      slot = (DevFuseSlot) listener.next();
    }
  }
}
