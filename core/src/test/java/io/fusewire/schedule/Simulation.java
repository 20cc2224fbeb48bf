package io.fusewire.schedule;

import static java.util.Objects.requireNonNull;

import io.fusewire.dispatch.ClassSettings;
import io.fusewire.raw.RequestClass;
import io.fusewire.schedule.sim.EventQueue;
import io.fusewire.schedule.sim.Latency;
import io.fusewire.schedule.sim.Samples;
import io.fusewire.schedule.sim.SimStore;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Clients that each wait for their answer before they ask again, the real queues, permits and
 * limiter, and a simulated store, in virtual time. The same seed gives the same run. Checks at each
 * start that no limit is exceeded.
 */
final class Simulation {
  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000_000_000L;

  private static final long ARRIVAL_SPREAD = 10 * MILLI;

  /**
   * One kind of client.
   *
   * @param thinkMillis the mean pause between an answer and the next request, exponential
   * @param bytes that a request holds
   */
  record Clients(
      int count,
      RequestClass requestClass,
      boolean sync,
      Latency latency,
      double thinkMillis,
      long bytes) {
    private static final long BULK_BYTES = 128 << 10;

    static Clients bulk(int count, Latency latency) {
      return new Clients(count, RequestClass.FOREGROUND, false, latency, 0, BULK_BYTES);
    }

    static Clients metadata(int count, Latency latency, double thinkMillis) {
      return new Clients(count, RequestClass.METADATA, false, latency, thinkMillis, 0);
    }
  }

  /** What the requests of one class saw. */
  static final class Seen {
    /** In the store. */
    final Samples store = new Samples();

    /** From the client's call to the answer, whoever gave it. */
    final Samples total = new Samples();
  }

  /** What may be changed before the run. */
  static final class Options {
    /** First in, first out over all classes, for comparison. */
    boolean oneClass;

    /** After so long a request is answered by its deadline, and the store's answer ignored. */
    long deadlineNanos = Long.MAX_VALUE;

    /** Added to the clock that queues and limiter see; may change while it runs. */
    long clockOffset;

    /**
     * When not 0: a client alone in its kind starts, once overdue, before everything that runs then
     * is done and this number of times the longest service time, less one, has passed.
     */
    int boundServices;
  }

  final Options options = new Options();
  final EventQueue events;
  final SimStore store;
  final Limiter limiter;
  final Permits permits;
  final ClassQueues queues;
  long deadlines;
  long boundsChecked;
  int smallestLimit = Integer.MAX_VALUE;
  private final long bytesMax;
  private final Map<RequestClass, Seen> seen = new EnumMap<>(RequestClass.class);
  private final Set<Request> running = new LinkedHashSet<>();
  private final SplittableRandom random;
  private long completed;
  private long longestService;
  private long limitSince;
  private double limitTime;
  private long measuredSince;

  /** With the usual classes and more memory than it needs. */
  Simulation(long seed, int slots, Limiter limiter) {
    this(seed, slots, limiter, 1L << 40);
  }

  Simulation(long seed, int slots, Limiter limiter, long bytesMax) {
    this(seed, new EventQueue(seed), slots, limiter, bytesMax);
  }

  /** Another mount on the store of this one, in the same time: running one runs both. */
  Simulation(Simulation other, long seed, Limiter limiter) {
    this(seed, other.events, other.store, limiter, other.bytesMax);
  }

  private Simulation(long seed, EventQueue events, int slots, Limiter limiter, long bytesMax) {
    this(seed, events, new SimStore(events, slots), limiter, bytesMax);
  }

  private Simulation(long seed, EventQueue events, SimStore store, Limiter limiter, long bytesMax) {
    this.events = events;
    this.store = store;
    random = new SplittableRandom(seed + 1);
    this.limiter = limiter;
    this.bytesMax = bytesMax;
    permits = new Permits(limiter.limit(), bytesMax);
    queues = new ClassQueues(ClassSettings.DEFAULT);
    measureFromNow();
  }

  /** One client's request; used again when it was answered. */
  final class Request extends Queued {
    private static final long UNBOUNDED = Long.MAX_VALUE;

    private final Clients kind;

    /** Tells the answer to this use from one to an earlier use that a deadline ended. */
    private int use;

    private long calledAt;
    private long startedAt;
    private long service;
    private long mustStartBy = UNBOUNDED;

    private Request(Clients kind) {
      this.kind = kind;
    }

    private void call(long now) {
      int thisUse = ++use;
      calledAt = now;
      RequestClass as = options.oneClass ? RequestClass.FOREGROUND : kind.requestClass();
      classify(as, kind.sync(), kind.bytes());
      queues.add(this, now + options.clockOffset);
      if (options.deadlineNanos != Long.MAX_VALUE) {
        events.at(now + options.deadlineNanos, later -> deadline(thisUse, later));
      }
      if (options.boundServices > 0 && kind.count() == 1) {
        events.at(now + overdueAfter() + 1, later -> overdue(thisUse, later));
      }
      pump();
    }

    private long overdueAfter() {
      long target = ClassSettings.DEFAULT.of(kind.requestClass()).target().toNanos();
      return target * ClassQueues.OVERDUE_TARGETS;
    }

    private void overdue(int ofUse, long now) {
      if (use == ofUse && inQueue) {
        boundsChecked++;
        mustStartBy = now;
        for (Request each : running) {
          mustStartBy = Math.max(mustStartBy, each.startedAt + each.service);
        }
      }
    }

    private void start(long now) {
      if (mustStartBy != UNBOUNDED) {
        long late = now - mustStartBy - (options.boundServices - 1) * longestService;
        if (late > 0) {
          throw new AssertionError(kind + " starved: started " + late + " ns after its bound");
        }
        mustStartBy = UNBOUNDED;
      }
      permits.acquire(this);
      running.add(this);
      startedAt = now;
      service = kind.latency().sample(random);
      longestService = Math.max(longestService, service);
      submit(use);
    }

    private void submit(int ofUse) {
      store.submit(
          new SimStore.Call() {
            @Override
            protected long serviceNanos() {
              return service;
            }

            @Override
            protected void answered(long now, long storeNanos) {
              if (use == ofUse && holdsPermit) {
                Request.this.answered(now, storeNanos);
              }
            }

            @Override
            protected void refused(long now, long retryAfter) {
              limiter.throttled(now + options.clockOffset, retryAfter);
              takeLimit(now);
              long jitter = random.nextLong(retryAfter / 2 + 1);
              events.at(now + retryAfter + jitter, later -> submit(ofUse));
            }
          });
    }

    private void answered(long now, long storeNanos) {
      completed++;
      of(kind.requestClass()).store.add(storeNanos);
      limiter.completed(now + options.clockOffset, permits.inFlight());
      takeLimit(now);
      end(now);
    }

    private void deadline(int ofUse, long now) {
      if (use != ofUse || (!inQueue && !holdsPermit)) {
        return;
      }
      deadlines++;
      if (queues.remove(this)) {
        again(now);
      } else {
        end(now);
      }
    }

    private void end(long now) {
      permits.release(this);
      running.remove(this);
      again(now);
      pump();
    }

    private void again(long now) {
      use++;
      of(kind.requestClass()).total.add(now - calledAt);
      double pause = -kind.thinkMillis() * MILLI * Math.log(1 - random.nextDouble());
      events.at(now + (long) pause, this::call);
    }
  }

  private void takeLimit(long now) {
    int limit = limiter.limit();
    if (limit < limiter.minimum() || limit > limiter.maximum()) {
      throw new AssertionError("the limit " + limit + " is out of its bounds");
    }
    limitTime += (double) permits.limit() * (now - limitSince);
    limitSince = now;
    smallestLimit = Math.min(smallestLimit, limit);
    permits.limit(limit);
  }

  private void pump() {
    long now = events.now();
    for (Queued next = queues.poll(now + options.clockOffset, permits);
        next != null;
        next = queues.poll(now + options.clockOffset, permits)) {
      ((Request) next).start(now);
      if (permits.inFlight() > permits.limit() || permits.bytes() > bytesMax) {
        throw new AssertionError("more runs than the limit allows");
      }
    }
  }

  /** They begin to ask, spread over 10 ms. */
  void add(Clients kind) {
    for (int i = 0; i < kind.count(); i++) {
      Request request = new Request(kind);
      events.at(events.now() + random.nextLong(ARRIVAL_SPREAD), request::call);
    }
  }

  /** Forgets what was measured so far. */
  void measureFromNow() {
    completed = 0;
    limitTime = 0;
    limitSince = events.now();
    measuredSince = events.now();
    for (RequestClass each : RequestClass.values()) {
      seen.put(each, new Seen());
    }
  }

  Simulation runUntil(double seconds) {
    events.runUntil((long) (seconds * SECOND));
    return this;
  }

  /** Answers of the store per second since the measurement began. */
  double rate() {
    return perSecond(completed);
  }

  /** The same for one class. */
  double rate(RequestClass requestClass) {
    return perSecond(of(requestClass).store.count());
  }

  private double perSecond(long count) {
    return count * (double) SECOND / (events.now() - measuredSince);
  }

  Seen of(RequestClass requestClass) {
    return requireNonNull(seen.get(requestClass));
  }

  /** The mean over time since the measurement began. */
  double meanLimit() {
    double last = (double) permits.limit() * (events.now() - limitSince);
    return (limitTime + last) / (events.now() - measuredSince);
  }
}
