package io.fusewire.schedule;

import io.fusewire.metrics.Gauges;

/** What a scheduler's metrics show of the present moment. */
public final class LoadGauges implements Gauges {
  private final Scheduler scheduler;

  /** The gauges of this scheduler. */
  public LoadGauges(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public long inFlight() {
    Room.Load load = scheduler.load();
    return (long) load.requests() - load.parked();
  }

  @Override
  public long inFlightBytes() {
    return scheduler.load().bytes();
  }

  @Override
  public long parked() {
    return scheduler.load().parked();
  }

  @Override
  public long queued(int classIndex) {
    return scheduler.load().queued().get(classIndex);
  }

  @Override
  public long oldestQueuedNanos() {
    return scheduler.load().oldestNanos();
  }

  @Override
  public long limit() {
    return scheduler.load().limits().get(1);
  }

  @Override
  public long limitMin() {
    return scheduler.load().limits().getFirst();
  }

  @Override
  public long limitMax() {
    return scheduler.load().limits().getLast();
  }

  @Override
  public long running() {
    return scheduler.load().running();
  }
}
