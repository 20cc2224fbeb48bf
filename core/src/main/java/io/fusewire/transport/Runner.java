package io.fusewire.transport;

import org.jspecify.annotations.Nullable;

/** The thread on which a slot's handler runs, and whether it may be interrupted. */
public final class Runner {
  private boolean interruptible;
  private @Nullable Thread thread; // read by the watchdog without order: a hint for people

  Runner() {}

  /** Lets {@link #interrupt} interrupt the handler that runs next. */
  public void interruptible(boolean allowed) {
    interruptible = allowed;
  }

  /** The calling thread runs the handler from now on; it is given back. */
  Thread begin() {
    Thread current = Thread.currentThread();
    if (interruptible) {
      synchronized (this) {
        thread = current;
      }
    } else {
      thread = current;
    }
    return current;
  }

  /** The handler has returned. */
  void end() {
    if (interruptible) {
      synchronized (this) {
        thread = null;
      }
      boolean _ = Thread.interrupted(); // it was meant for this handler
    } else {
      thread = null;
    }
  }

  /** As far as can be seen from outside; null when no handler runs. */
  public @Nullable Thread thread() {
    return thread;
  }

  /** Interrupts the handler of the request with this sequence, if that is allowed. */
  public void interrupt(RequestSlot slot, long sequence) {
    synchronized (this) {
      Thread running = thread;
      if (interruptible && running != null && slot.openSequence() == sequence) {
        running.interrupt();
      }
    }
  }
}
