package io.fusewire.schedule.sim;

import java.util.ArrayDeque;

/**
 * A store with so many servers and one queue before them, and with the bad days that stores have.
 * An interval that was not asked for is empty.
 */
public final class SimStore {
  private static final long REFUSAL_NANOS = 5_000_000;
  private static final double BURST_SECONDS = 0.1;

  /** A request in the store. */
  public abstract static class Call {
    private long arrived;

    /** How long serving it takes while the store is well, in nanoseconds. */
    protected abstract long serviceNanos();

    /** It was served; how long it was in the store, in nanoseconds. */
    protected abstract void answered(long nowNanos, long storeNanos);

    /** It was refused: the store wants to be left alone for so long. */
    protected abstract void refused(long nowNanos, long retryAfterNanos);
  }

  private record Interval(long from, long to) {
    private static final Interval NEVER = new Interval(0, 0);

    boolean contains(long time) {
      return time >= from && time < to;
    }
  }

  private final EventQueue events;
  private final int slots;
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private int busy;
  private Interval brownout = Interval.NEVER;
  private double brownoutFactor = 1;
  private Interval blackHole = Interval.NEVER;
  private Interval partition = Interval.NEVER;
  private double callsPerSecond;
  private long retryAfter;
  private double tokens;
  private long tokensAt;
  private long refusals;

  /** A healthy one. */
  public SimStore(EventQueue events, int slots) {
    this.events = events;
    this.slots = slots;
  }

  /** What begins in the interval takes longer by the factor. */
  public void brownout(long from, long to, double factor) {
    brownout = new Interval(from, to);
    brownoutFactor = factor;
  }

  /** What arrives or would be answered in the interval is never answered. */
  public void blackHole(long from, long to) {
    blackHole = new Interval(from, to);
  }

  /** What arrives or would be answered in the interval does so at its end. */
  public void partition(long from, long to) {
    partition = new Interval(from, to);
  }

  /** Calls above this rate are refused. */
  public void throttle(double perSecond, long retryAfterNanos) {
    callsPerSecond = perSecond;
    retryAfter = retryAfterNanos;
    tokens = perSecond * BURST_SECONDS;
  }

  /** Calls refused so far. */
  public long refusals() {
    return refusals;
  }

  /** A call arrives. */
  public void submit(Call call) {
    long now = events.now();
    if (blackHole.contains(now)) {
      return;
    }
    if (partition.contains(now)) {
      events.at(partition.to(), later -> submit(call));
      return;
    }
    if (callsPerSecond > 0 && !takeToken(now)) {
      refusals++;
      events.at(now + REFUSAL_NANOS, later -> call.refused(later, retryAfter));
      return;
    }
    call.arrived = now;
    if (busy < slots) {
      begin(call, now);
    } else {
      waiting.add(call);
    }
  }

  private boolean takeToken(long now) {
    double fresh = (now - tokensAt) * callsPerSecond / 1e9;
    tokens = Math.min(callsPerSecond * BURST_SECONDS, tokens + fresh);
    tokensAt = now;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  private void begin(Call call, long now) {
    busy++;
    double factor = brownout.contains(now) ? brownoutFactor : 1;
    events.at(now + (long) (factor * call.serviceNanos()), later -> end(call, later));
  }

  private void end(Call call, long now) {
    busy--;
    Call next = waiting.poll();
    if (next != null) {
      begin(next, now);
    }
    if (blackHole.contains(now)) {
      return;
    }
    if (partition.contains(now)) {
      events.at(partition.to(), later -> call.answered(later, later - call.arrived));
    } else {
      call.answered(now, now - call.arrived);
    }
  }
}
