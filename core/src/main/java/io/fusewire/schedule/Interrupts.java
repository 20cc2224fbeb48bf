package io.fusewire.schedule;

import io.fusewire.metrics.SessionMetrics;
import io.fusewire.transport.RequestSlot;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * Brings each INTERRUPT to its request. One may be read by one thread before another one has taken
 * in its request, and it may come after the answer; so ids of requests that nobody has seen are
 * kept, the newest {@value #PLACES} of them, for ids never come again. Safe for all threads.
 *
 * <p>Whoever keeps one looks for the request again afterwards, and whoever takes a request in looks
 * here afterwards: one sees the other.
 */
final class Interrupts {
  static final int PLACES = 256;

  private static final System.Logger LOG = System.getLogger("io.fusewire");

  private final SessionMetrics metrics;
  private final Executor hooks;
  private final long[] early = new long[PLACES];
  private int next;
  private volatile boolean any;

  /**
   * None was received.
   *
   * @param hooks runs what handlers want to be called when they are interrupted
   */
  Interrupts(SessionMetrics metrics, Executor hooks) {
    this.metrics = metrics;
    this.hooks = hooks;
  }

  /** The caller of the request with this id got a signal. */
  void received(long victim, RequestSlot[] slots) {
    metrics.interruptReceived();
    if (interruptOpen(victim, slots)) {
      return;
    }
    if (keep(victim)) {
      metrics.interruptLate(); // the one it replaces never met its request
    }
    if (interruptOpen(victim, slots)) {
      take(victim);
    }
  }

  private static boolean interruptOpen(long victim, RequestSlot[] slots) {
    for (RequestSlot slot : slots) {
      long sequence = slot.openSequence();
      if (sequence != RequestSlot.NONE
          && slot.tag().unique() == victim
          && slot.interrupt(sequence)) {
        slot.runner().interrupt(slot, sequence);
        return true;
      }
    }
    return false;
  }

  /** A request came that can be interrupted from now on. Cheap while nothing is kept. */
  void arrived(RequestSlot slot) {
    if (any) {
      long sequence = slot.openSequence();
      if (sequence != RequestSlot.NONE && take(slot.tag().unique())) {
        metrics.interruptEarly();
        slot.interrupt(sequence);
      }
    }
  }

  private synchronized boolean keep(long unique) {
    boolean replaced = early[next] != 0;
    early[next] = unique;
    next = (next + 1) % PLACES;
    any = true;
    return replaced;
  }

  private synchronized boolean take(long unique) {
    boolean found = false;
    boolean more = false;
    for (int i = 0; i < PLACES; i++) {
      if (early[i] == unique) {
        early[i] = 0;
        found = true;
      }
      more |= early[i] != 0;
    }
    any = more;
    return found;
  }

  /** Calls what a handler wants to be called. */
  void cancel(Runnable hook) {
    metrics.cancelled();
    try {
      hooks.execute(() -> call(hook));
    } catch (RejectedExecutionException e) {
      LOG.log(System.Logger.Level.WARNING, "a cancel hook could not run", e);
    }
  }

  private static void call(Runnable hook) {
    try {
      hook.run();
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "a cancel hook failed", e);
    }
  }
}
