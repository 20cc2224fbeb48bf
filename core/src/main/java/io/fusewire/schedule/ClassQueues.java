package io.fusewire.schedule;

import io.fusewire.dispatch.ClassSettings;
import io.fusewire.raw.RequestClass;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for a permit, in four lanes: METADATA, sync, FOREGROUND, BACKGROUND. The
 * sync lane is part of class FOREGROUND and has its share. Guarded by the scheduler's lock; reads
 * no clock and allocates nothing after construction.
 *
 * <p><b>Within a lane</b> requests start in the order in which they came: only the head is ever
 * asked, so a head that does not fit (its bytes, say) holds back the smaller ones behind it. That
 * is wanted: a large request would otherwise never start while small ones keep coming.
 *
 * <p><b>Between lanes</b> deficit round robin by weight, in cost units. A head that may not start
 * does not hold back other lanes, with one exception: while a data request is overdue and may not
 * start, no other data request starts except a sync one. So what it waits for runs empty, and it
 * starts after at most one service time of what runs.
 *
 * <p><b>Overdue</b> is a head that has waited for {@link #OVERDUE_TARGETS} times its class's
 * target. Every second start goes to an overdue head, if there is one, the lanes in turn. Not every
 * start, and not the latest first: in an overload the long lane is late for ever, and would keep
 * out both the weights and the short lanes. An overdue head that may start therefore starts after
 * at most {@link #STARTS_BEFORE_OVERDUE_MAX} others.
 */
final class ClassQueues {
  /** How many targets a head waits until it is overdue. */
  static final int OVERDUE_TARGETS = 4;

  private static final int METADATA = 0;
  private static final int SYNC = 1;
  private static final int FOREGROUND = 2;
  private static final int BACKGROUND = 3;
  private static final int LANES = 4;
  private static final int NONE = -1;

  /** One by weight, then by turn of each other lane and by weight again. */
  static final int STARTS_BEFORE_OVERDUE_MAX = 2 * LANES - 1;

  /** Says whether a request may start now. Called only with heads, several times for one poll. */
  @FunctionalInterface
  interface Admissible {
    /**
     * Must not change anything.
     *
     * @param urgent the request is overdue, or nothing waits in another lane
     */
    boolean mayStart(Queued head, boolean urgent);
  }

  private final @Nullable Queued[] heads = new @Nullable Queued[LANES];
  private final @Nullable Queued[] tails = new @Nullable Queued[LANES];
  private final int[] sizes = new int[LANES];
  private final long[] deficits = new long[LANES];
  private final int[] weights = new int[LANES];
  private final long[] overdueNanos = new long[LANES];
  private int total;
  private int turn;
  private boolean lastWasOverdue;

  ClassQueues(ClassSettings settings) {
    for (int lane = 0; lane < LANES; lane++) {
      ClassSettings.Share share = settings.of(classOf(lane));
      weights[lane] = share.weight();
      overdueNanos[lane] = share.target().multipliedBy(OVERDUE_TARGETS).toNanos();
    }
  }

  private static RequestClass classOf(int lane) {
    return switch (lane) {
      case METADATA -> RequestClass.METADATA;
      case BACKGROUND -> RequestClass.BACKGROUND;
      default -> RequestClass.FOREGROUND;
    };
  }

  private static int laneOf(Queued request) {
    return switch (request.requestClass()) {
      case METADATA -> METADATA;
      case BACKGROUND -> BACKGROUND;
      default -> request.sync() ? SYNC : FOREGROUND;
    };
  }

  /** Puts a request behind those of its lane. */
  void add(Queued request, long nowNanos) {
    if (request.inQueue || request.holdsPermit) {
      throw new IllegalStateException("the request waits or runs already");
    }
    int lane = laneOf(request);
    Queued last = tails[lane];
    request.enqueuedNanos = nowNanos;
    request.inQueue = true;
    request.previous = last;
    if (last == null) {
      heads[lane] = request;
    } else {
      last.next = request;
    }
    tails[lane] = request;
    sizes[lane]++;
    total++;
  }

  /** Takes a request out wherever it stands, as for an interrupt; false if it does not wait. */
  boolean remove(Queued request) {
    if (!request.inQueue) {
      return false;
    }
    int lane = laneOf(request);
    Queued before = request.previous;
    Queued after = request.next;
    if (before == null) {
      heads[lane] = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      tails[lane] = before;
    } else {
      after.previous = before;
    }
    request.previous = null;
    request.next = null;
    request.inQueue = false;
    total--;
    if (--sizes[lane] == 0) {
      deficits[lane] = 0; // credit is not saved up for a time when it would be a burst
    }
    return true;
  }

  /** Takes out the request to start now, or nothing when no head may start. */
  @Nullable Queued poll(long nowNanos, Admissible test) {
    if (total == 0) {
      return null;
    }
    boolean dataIsHeld = false;
    int due = NONE;
    for (int i = 0; i < LANES && due == NONE; i++) {
      int lane = (turn + i) % LANES;
      Queued head = heads[lane];
      if (head == null || !isOverdue(lane, head, nowNanos) || isHeld(lane, dataIsHeld)) {
        continue;
      }
      if (test.mayStart(head, true)) {
        due = lane;
      } else {
        dataIsHeld |= lane != METADATA;
      }
    }
    if (due != NONE && !lastWasOverdue) {
      lastWasOverdue = true;
      turn = (due + 1) % LANES;
      return take(due);
    }
    int lane = byWeight(nowNanos, test, dataIsHeld);
    if (lane == NONE) {
      return null;
    }
    lastWasOverdue = false;
    return take(lane);
  }

  /**
   * A sync request needs no bytes and has a permit of its own: it takes nothing from the others.
   */
  private static boolean isHeld(int lane, boolean dataIsHeld) {
    return dataIsHeld && lane >= FOREGROUND;
  }

  private boolean isOverdue(int lane, Queued head, long nowNanos) {
    return nowNanos - head.enqueuedNanos > overdueNanos[lane];
  }

  /** The lane that affords its head after the fewest rounds, the higher class among equals. */
  private int byWeight(long nowNanos, Admissible test, boolean dataIsHeld) {
    long fewest = Long.MAX_VALUE;
    int chosen = NONE;
    int candidates = 0;
    for (int lane = 0; lane < LANES; lane++) {
      Queued head = heads[lane];
      if (head == null || isHeld(lane, dataIsHeld)) {
        continue;
      }
      boolean urgent = sizes[lane] == total || isOverdue(lane, head, nowNanos);
      if (!test.mayStart(head, urgent)) {
        continue;
      }
      candidates |= 1 << lane;
      long missing = Math.max(0, head.cost() - deficits[lane]);
      long rounds = Math.ceilDiv(missing, weights[lane]);
      if (rounds < fewest) {
        fewest = rounds;
        chosen = lane;
      }
    }
    if (chosen == NONE) {
      return NONE;
    }
    for (int lane = 0; lane < LANES; lane++) {
      if ((candidates & 1 << lane) != 0) {
        deficits[lane] += fewest * weights[lane];
      }
    }
    Queued head = heads[chosen];
    deficits[chosen] -= head == null ? 0 : head.cost();
    return chosen;
  }

  private @Nullable Queued take(int lane) {
    Queued head = heads[lane];
    if (head != null) {
      remove(head);
    }
    return head;
  }

  /** How many wait. */
  int size() {
    return total;
  }

  /** How many of a class wait; CONTROL requests never do. */
  int size(RequestClass requestClass) {
    return switch (requestClass) {
      case CONTROL -> 0;
      case METADATA -> sizes[METADATA];
      case FOREGROUND -> sizes[SYNC] + sizes[FOREGROUND];
      case BACKGROUND -> sizes[BACKGROUND];
    };
  }

  /** How long the one that waits longest has waited, in nanoseconds; 0 if nothing waits. */
  long oldest(long nowNanos) {
    long oldest = 0;
    for (Queued head : heads) {
      oldest = Math.max(oldest, age(head, nowNanos));
    }
    return oldest;
  }

  /** The same among those of a class. */
  long oldest(RequestClass requestClass, long nowNanos) {
    return switch (requestClass) {
      case CONTROL -> 0;
      case METADATA -> age(heads[METADATA], nowNanos);
      case FOREGROUND -> Math.max(age(heads[SYNC], nowNanos), age(heads[FOREGROUND], nowNanos));
      case BACKGROUND -> age(heads[BACKGROUND], nowNanos);
    };
  }

  private static long age(@Nullable Queued head, long nowNanos) {
    return head == null ? 0 : Math.max(0, nowNanos - head.enqueuedNanos);
  }
}
