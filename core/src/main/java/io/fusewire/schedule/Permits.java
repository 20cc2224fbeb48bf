package io.fusewire.schedule;

import io.fusewire.raw.RequestClass;

/**
 * How many requests run, how many bytes they hold, and which may join them. Data means FOREGROUND
 * and BACKGROUND. Guarded by the scheduler's lock.
 *
 * <ul>
 *   <li>Count: all together at most the limit. Data leaves a tenth of it, 1 to 32 permits, to
 *       METADATA (from a limit of 2); all but sync requests leave one more (from a limit of 4).
 *   <li>Bytes: METADATA has a tenth of the budget for itself and data has the rest, so neither can
 *       fill the other's; together they never exceed it. A request larger than its share runs when
 *       no other of its share does.
 *   <li>Above three quarters of the budget BACKGROUND starts only when urgent.
 * </ul>
 *
 * <p>When the limit is lowered, what runs goes on; nothing starts until the count has fallen.
 */
final class Permits implements ClassQueues.Admissible {
  private static final int RESERVED_PARTS = 10;

  /** More permits than this are not left to METADATA: it needs few, and data would miss them. */
  static final int METADATA_RESERVE_MAX = 32;

  /** The smallest limit that leaves METADATA a permit. */
  static final int METADATA_RESERVE_FROM = 2;

  /** The smallest limit that leaves sync requests a permit; below, half of it would be reserved. */
  static final int SYNC_RESERVE_FROM = 4;

  private long metadataBytesMax;
  private long dataBytesMax;
  private long bytesSoft;
  private int requestsSoft = Integer.MAX_VALUE;
  private int limit;
  private int metadata;
  private int foreground;
  private int background;
  private int sync;
  private long metadataBytes;
  private long dataBytes;

  /**
   * Nothing runs.
   *
   * @param limit requests, at least 1
   * @param bytesMax what they may hold together, at least 1
   */
  Permits(int limit, long bytesMax) {
    if (bytesMax < 1) {
      throw new IllegalArgumentException("the byte budget is " + bytesMax + ": give 1 or more");
    }
    metadataBytesMax = bytesMax / RESERVED_PARTS;
    dataBytesMax = bytesMax - metadataBytesMax;
    bytesSoft = bytesMax - bytesMax / 4;
    limit(limit);
  }

  /** Changes the limit while requests run. */
  void limit(int newLimit) {
    if (newLimit < 1) {
      throw new IllegalArgumentException("the limit is " + newLimit + ": give 1 or more");
    }
    limit = newLimit;
  }

  /** Changes the byte budget and the soft limits while requests run. */
  void budget(ScheduleSettings.Limits limits) {
    metadataBytesMax = limits.bytes() / RESERVED_PARTS;
    dataBytesMax = limits.bytes() - metadataBytesMax;
    bytesSoft = limits.bytesSoft();
    requestsSoft = limits.requestsSoft();
  }

  int limit() {
    return limit;
  }

  /** The largest number of data requests that may run together, sync requests included. */
  static int dataMax(int limit) {
    return limit < METADATA_RESERVE_FROM
        ? limit
        : limit - Math.clamp(limit / RESERVED_PARTS, 1, METADATA_RESERVE_MAX);
  }

  /** The same without sync requests. */
  static int plainDataMax(int limit) {
    return limit < SYNC_RESERVE_FROM ? dataMax(limit) : dataMax(limit) - 1;
  }

  @Override
  public boolean mayStart(Queued head, boolean urgent) {
    return mayStart(head.requestClass(), head.sync(), head.bytes(), urgent);
  }

  /**
   * Whether such a request may start now. A CONTROL request always may and takes no permit.
   *
   * @param sync it makes data durable
   * @param urgent overdue, or nothing else waits: lets BACKGROUND start under memory pressure
   */
  boolean mayStart(RequestClass requestClass, boolean sync, long bytes, boolean urgent) {
    return switch (requestClass) {
      case CONTROL -> true;
      case METADATA -> inFlight() < limit && fits(bytes, metadataBytes, metadataBytesMax);
      case FOREGROUND -> mayStartData(sync, bytes);
      case BACKGROUND ->
          (urgent || (bytes() <= bytesSoft && inFlight() < requestsSoft))
              && mayStartData(false, bytes);
    };
  }

  private boolean mayStartData(boolean isSync, long bytes) {
    int data = foreground + background;
    return inFlight() < limit
        && data < dataMax(limit)
        && (isSync || data - sync < plainDataMax(limit))
        && fits(bytes, dataBytes, dataBytesMax);
  }

  private static boolean fits(long bytes, long used, long most) {
    return bytes == 0 || used == 0 || bytes <= most - used;
  }

  /** Counts a request as running; whether it may was asked before, under the same lock. */
  void acquire(Queued request) {
    if (request.holdsPermit) {
      throw new IllegalStateException("the request holds a permit already");
    }
    request.holdsPermit = true;
    count(request, 1);
  }

  /** Gives the permit back: once, after the reply was written. */
  void release(Queued request) {
    if (!request.holdsPermit) {
      throw new IllegalStateException("the request holds no permit");
    }
    request.holdsPermit = false;
    count(request, -1);
  }

  private void count(Queued request, int one) {
    long bytes = one * request.bytes();
    switch (request.requestClass()) {
      case METADATA -> {
        metadata += one;
        metadataBytes += bytes;
        return;
      }
      case BACKGROUND -> background += one;
      default -> foreground += one;
    }
    sync += request.sync() ? one : 0;
    dataBytes += bytes;
  }

  /** How many run. */
  int inFlight() {
    return metadata + foreground + background;
  }

  /** How many of a class run; CONTROL requests take no permits. */
  int inFlight(RequestClass requestClass) {
    return switch (requestClass) {
      case CONTROL -> 0;
      case METADATA -> metadata;
      case FOREGROUND -> foreground;
      case BACKGROUND -> background;
    };
  }

  /** Bytes that the running requests hold. */
  long bytes() {
    return metadataBytes + dataBytes;
  }
}
