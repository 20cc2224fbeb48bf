package io.fusewire.schedule;

import io.fusewire.raw.RequestClass;
import org.jspecify.annotations.Nullable;

/**
 * A request that can wait in {@link ClassQueues} and hold one of the {@link Permits}. It is its own
 * list node, so waiting allocates nothing. Guarded by the scheduler's lock.
 */
abstract class Queued {
  /** Bytes of data that weigh as much as one metadata request. */
  static final int BYTES_PER_UNIT = 64 << 10;

  @Nullable Queued previous;
  @Nullable Queued next;
  boolean inQueue;
  boolean holdsPermit;

  /** When it began to wait, on the clock of {@link ClassQueues#add}. */
  long enqueuedNanos;

  private RequestClass requestClass = RequestClass.METADATA;
  private boolean sync;
  private long bytes;
  private int cost = 1;

  /**
   * Says what the request is; again for each use of a recycled object, and only while it neither
   * waits nor holds a permit.
   *
   * @param sync it makes data durable (FSYNC): it does not wait behind other foreground requests
   * @param bytes of memory that it holds until it is answered, data and reserved reply together
   */
  final void classify(RequestClass requestClass, boolean sync, long bytes) {
    if (requestClass == RequestClass.CONTROL) {
      throw new IllegalArgumentException("a CONTROL request is never queued: serve it at once");
    }
    if (bytes < 0) {
      throw new IllegalArgumentException("bytes is " + bytes + ": give 0 or more");
    }
    if (inQueue || holdsPermit) {
      throw new IllegalStateException("the request is still in use: release it first");
    }
    this.requestClass = requestClass;
    this.sync = sync && requestClass == RequestClass.FOREGROUND;
    this.bytes = bytes;
    long units = requestClass == RequestClass.METADATA ? 1 : Math.ceilDiv(bytes, BYTES_PER_UNIT);
    cost = Math.clamp(units, 1, Integer.MAX_VALUE);
  }

  final RequestClass requestClass() {
    return requestClass;
  }

  /** True for a foreground request that makes data durable. */
  final boolean sync() {
    return sync;
  }

  final long bytes() {
    return bytes;
  }

  /** What it takes from its class's share, in units of {@link #BYTES_PER_UNIT}; at least 1. */
  final int cost() {
    return cost;
  }
}
