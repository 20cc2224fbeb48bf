package io.fusewire.metrics;

/** Gauges that say something different each. */
final class FakeGauges implements Gauges {
  @Override
  public long inFlight() {
    return 3;
  }

  @Override
  public long inFlightBytes() {
    return 2048;
  }

  @Override
  public long parked() {
    return 1;
  }

  @Override
  public long queued(int classIndex) {
    return 10L + classIndex;
  }

  @Override
  public long oldestQueuedNanos() {
    return 1_500_000;
  }

  @Override
  public long limit() {
    return 16;
  }

  @Override
  public long limitMin() {
    return 4;
  }

  @Override
  public long limitMax() {
    return 64;
  }

  @Override
  public long running() {
    return 2;
  }
}
