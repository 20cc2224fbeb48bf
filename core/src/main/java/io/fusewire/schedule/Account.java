package io.fusewire.schedule;

import io.fusewire.metrics.GateEvent;
import io.fusewire.metrics.SessionMetrics;
import io.fusewire.schedule.ScheduleSettings.Limits;
import java.util.ArrayDeque;

/**
 * How much is in flight, queued and running, and whether the gate is open. One place where a
 * request is counted and one where it is given back. Guarded by the scheduler's lock.
 *
 * <p>The gate is closed while the requests in flight, or their bytes, have reached the limit. What
 * comes then is parked: read, so that an INTERRUPT or FORGET behind it is seen, and not started.
 * When the parking slots are taken too, nothing is read until something is answered. Requests that
 * wait for others by design are counted apart, or they could keep out what they wait for.
 */
final class Account {
  private final SessionMetrics metrics;
  private Limits limits;
  private int requests;
  private long bytes;
  private final ArrayDeque<Ticket> parked = new ArrayDeque<>(); // at most one more for each reader
  private int waiting;
  private boolean closed;
  private long closedNanos;
  private boolean stopped;
  private long stoppedNanos;

  Account(Limits limits, SessionMetrics metrics) {
    this.limits = limits;
    this.metrics = metrics;
  }

  Limits limits() {
    return limits;
  }

  /** Changes the limits while requests are in flight. */
  void limits(Limits newLimits, long nowNanos) {
    limits = newLimits;
    update(nowNanos);
  }

  /** Counts a request that has come. */
  void enter(Ticket ticket, boolean waits, long nowNanos) {
    ticket.counted = true;
    ticket.waits = false;
    if (closed) {
      parked.addLast(ticket);
    }
    requests++;
    bytes += ticket.bytes();
    if (waits) {
      exempt(ticket);
    }
    update(nowNanos);
  }

  /** Counts a request as one that waits for another; false when too many do. */
  boolean exempt(Ticket ticket) {
    if (ticket.waits) {
      return true;
    }
    if (!mayExempt()) {
      return false;
    }
    ticket.waits = true;
    waiting++;
    return true;
  }

  /** True unless too many requests wait for others. */
  boolean mayExempt() {
    return waiting < limits.waiting();
  }

  /** A request is started: its parking slot is free. */
  void started(Ticket ticket, long nowNanos) {
    if (unpark(ticket)) {
      update(nowNanos);
    }
  }

  private boolean unpark(Ticket ticket) {
    return !parked.isEmpty() && parked.remove(ticket);
  }

  /** Gives a request's count and bytes back: its answer is written. */
  void leave(Ticket ticket, long nowNanos) {
    var _ = unpark(ticket);
    ticket.counted = false;
    requests--;
    bytes -= ticket.bytes();
    if (ticket.waits) {
      ticket.waits = false;
      waiting--;
    }
    update(nowNanos);
  }

  /** Looks at the gate again after something has changed. */
  void update(long nowNanos) {
    boolean full = requests - waiting >= limits.requests() || bytes >= limits.bytes();
    if (full != closed) {
      closed = full;
      if (full) {
        closedNanos = nowNanos;
      } else {
        metrics.gateClosed(nowNanos - closedNanos);
        GateEvent.emit(nowNanos - closedNanos, requests, limits.requests());
      }
    }
    if (bytes < limits.bytes()) { // those that came while it was closed move up as others leave
      int beyond = Math.max(0, requests - waiting - limits.requests());
      while (parked.size() > beyond) {
        parked.removeFirst();
      }
    }
    boolean stop = closed && parked.size() >= limits.parkingSlots();
    if (stop != stopped) {
      stopped = stop;
      if (stop) {
        stoppedNanos = nowNanos;
      } else {
        metrics.readingStopped(nowNanos - stoppedNanos);
      }
    }
  }

  /** True while as much is in flight as may be. */
  boolean isClosed() {
    return closed;
  }

  /** True while nothing more should be read. */
  boolean isStopped() {
    return stopped;
  }

  int requests() {
    return requests;
  }

  long bytes() {
    return bytes;
  }

  int parked() {
    return parked.size();
  }

  int waiting() {
    return waiting;
  }
}
