package io.fusewire.schedule;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.dispatch.Ordering;
import io.fusewire.raw.Execution;
import io.fusewire.raw.RequestClass;
import io.fusewire.schedule.ScheduleSettings.Limits;
import io.fusewire.transport.RequestSlot;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * All requests in flight that do not run inline, and what decides which may start: the count
 * ({@link Account}), the order of nodes ({@link NodeOrder}, if wished for), the permits ({@link
 * Permits}) under a limit that may adapt ({@link Limiter}), and the queues of their classes ({@link
 * ClassQueues}). One lock guards all of it; nothing but this runs under it. Safe for all threads.
 *
 * <p>{@link #hasThreadWork} and {@link #hasExecutorWork} tell without the lock that a waiting
 * request may be able to start. They become true with every change that may have made room, and
 * false when a look found that it did not; so nobody who looks after a change can miss one.
 */
final class Room {
  private final Environment environment;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition readable = lock.newCondition();
  private final Account account;
  private final Permits permits;
  private final Limiter limiter;
  private final @Nullable NodeOrder order;
  private final ClassQueues executorQueue; // for virtual threads and the like
  private final ClassQueues platformQueue; // for platform threads, the transport's or a pool's
  private int platformRunning;
  private boolean platformTurn;
  private boolean ended;
  private Runnable whenReadable = () -> {};

  private volatile boolean mayRead = true;
  private volatile boolean closed;
  private volatile boolean threadWork;
  private volatile boolean executorWork;

  Room(ScheduleSettings settings, Environment environment) {
    this.environment = environment;
    AdaptiveLimit adaptive = settings.adaptive();
    int most = settings.limits().requests();
    limiter = adaptive == null ? new FixedLimiter(most) : new KneeLimiter(adaptive);
    permits = new Permits(Math.min(most, limiter.limit()), settings.limits().bytes());
    permits.budget(settings.limits());
    account = new Account(settings.limits(), environment.metrics());
    boolean names = settings.ordering() == Ordering.NODES_AND_NAMES;
    order = settings.ordering() == Ordering.NONE ? null : new NodeOrder(names);
    executorQueue = new ClassQueues(settings.classes());
    platformQueue = new ClassQueues(settings.classes());
  }

  /** Says what to call, under the lock, when reading may go on; it must not block. */
  void whenReadable(Runnable action) {
    lock.lock();
    try {
      whenReadable = action;
    } finally {
      lock.unlock();
    }
  }

  /** True when requests keep the order of what they touch. */
  boolean isOrdered() {
    return order != null;
  }

  // ---- coming and starting -----------------------------------------------------------------

  /**
   * Takes a request in, from here on answerable by anybody.
   *
   * @param waits whether it waits for others by design
   * @return true when it has started, or when the room was closed ({@link Ticket.Stage#ENDED})
   */
  boolean enter(Ticket ticket, boolean waits) {
    lock.lock();
    try {
      account.enter(ticket, waits, ticket.arrivedNanos);
      ticket.slot.open();
      ticket.sequence = ticket.slot.openSequence();
      boolean done = place(ticket);
      updateReading();
      return done;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes in a request whose inline handler has left the answer for later. It runs already, so it
   * may be one too many for each thread that reads; what comes next finds the room closed.
   */
  void enterRunning(Ticket ticket) {
    lock.lock();
    try {
      ticket.sequence = ticket.slot.openSequence();
      if (ticket.sequence != RequestSlot.NONE) { // else the library has answered meanwhile
        account.enter(ticket, ticket.waits, ticket.arrivedNanos);
        begin(ticket, ticket.arrivedNanos);
        updateReading();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean place(Ticket ticket) {
    if (ended) {
      ticket.stage = Ticket.Stage.ENDED;
      return true;
    }
    if (order != null && !order.enter(ticket)) {
      ticket.stage = Ticket.Stage.ORDERED;
      environment.metrics().keyConflict();
      return false;
    }
    ClassQueues queue = queueOf(ticket);
    if (queue.size() == 0 && threadFor(ticket) && mayStart(ticket, true)) {
      begin(ticket, ticket.arrivedNanos);
      return true;
    }
    enqueue(ticket, ticket.arrivedNanos);
    return false;
  }

  private void enqueue(Ticket ticket, long now) {
    ticket.stage = Ticket.Stage.QUEUED;
    queueOf(ticket).add(ticket, now);
    noteWork();
  }

  /** Something has changed that may let a waiting request start. */
  private void noteWork() {
    threadWork = platformQueue.size() > 0;
    executorWork = executorQueue.size() > 0;
  }

  private ClassQueues queueOf(Ticket ticket) {
    return ticket.execution == Execution.PLATFORM ? platformQueue : executorQueue;
  }

  private boolean threadFor(Ticket ticket) {
    return ticket.execution != Execution.PLATFORM || platformRunning < environment.platformMax();
  }

  private boolean mayStart(Queued head, boolean urgent) {
    Ticket ticket = (Ticket) head;
    return ticket.waits || !ticket.counted || permits.mayStart(head, urgent);
  }

  private void begin(Ticket ticket, long now) {
    if (!ticket.waits && ticket.counted) { // else it is answered, and only still to run
      permits.acquire(ticket);
    }
    account.started(ticket, now);
    ticket.stage = Ticket.Stage.STARTED;
    ticket.startedNanos = now;
    if (ticket.execution == Execution.PLATFORM) {
      platformRunning++;
      ticket.onThread = true;
    }
  }

  /** True when {@link #nextForThread} may have something; without the lock. */
  boolean hasThreadWork() {
    return threadWork;
  }

  /** True when a waiting request may be able to start; without the lock. */
  boolean hasExecutorWork() {
    return executorWork || threadWork;
  }

  /** Starts a waiting request for the calling thread of the transport; null when none may start. */
  @Nullable Ticket nextForThread() {
    lock.lock();
    try {
      return environment.platform() == null ? pollPlatform() : null;
    } finally {
      lock.unlock();
    }
  }

  /** Starts a waiting request for an executor; null when none may start. */
  @Nullable Ticket nextForExecutor() {
    lock.lock();
    try {
      platformTurn = !platformTurn; // so that neither queue takes all permits
      boolean platform = environment.platform() != null;
      Ticket first = platformTurn && platform ? pollPlatform() : poll(executorQueue);
      if (first != null || !platform) {
        return first;
      }
      return platformTurn ? poll(executorQueue) : pollPlatform();
    } finally {
      lock.unlock();
    }
  }

  /** True when a thread of the transport should look at {@link #nextForThread}. */
  boolean needsThread() {
    lock.lock();
    try {
      return environment.platform() == null
          && threadWork
          && platformRunning < environment.platformMax();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Ticket pollPlatform() {
    if (platformQueue.size() == 0 || platformRunning >= environment.platformMax()) {
      return null;
    }
    return poll(platformQueue);
  }

  private @Nullable Ticket poll(ClassQueues queue) {
    long now = environment.clock().getAsLong();
    Ticket ticket = (Ticket) queue.poll(now, this::mayStart);
    if (ticket != null) {
      begin(ticket, now);
      updateReading();
      noteWork();
    } else if (queue == platformQueue) {
      threadWork = false;
    } else {
      executorWork = false;
    }
    return ticket;
  }

  // ---- ending ------------------------------------------------------------------------------

  /** A platform thread has returned from its handler. */
  void threadFree() {
    lock.lock();
    try {
      platformRunning--;
      noteWork();
    } finally {
      lock.unlock();
    }
  }

  /** Nobody touches any more what this request touched. */
  void leaveOrder(Ticket ticket) {
    if (order != null) {
      lock.lock();
      try {
        leaveOrderLocked(ticket);
      } finally {
        lock.unlock();
      }
    }
  }

  /** Whether one request waits, in the order of what both touch, for another one. */
  boolean blocks(Ticket holder, Ticket waiting) {
    lock.lock();
    try {
      return waiting.stage == Ticket.Stage.ORDERED && NodeOrder.blocks(holder, waiting);
    } finally {
      lock.unlock();
    }
  }

  private void leaveOrderLocked(Ticket ticket) {
    if (order != null && !ticket.claims.isEmpty()) {
      long now = environment.clock().getAsLong();
      order.leave(ticket, granted -> queueGranted(granted, now));
    }
  }

  private void queueGranted(Ticket ticket, long now) {
    if (ticket.execution == Execution.INLINE) {
      ticket.execution = Execution.VIRTUAL; // the thread that read it has gone on
    }
    enqueue(ticket, now);
  }

  /** The one place where count, bytes and permit of a request are given back: it is answered. */
  void leave(Ticket ticket, long now) {
    lock.lock();
    try {
      if (ticket.holdsPermit) {
        int running = permits.inFlight();
        permits.release(ticket);
        if (!ticket.expired) { // what the library answered says nothing about the store
          limiter.completed(now, running);
        }
        followLimiter();
      }
      account.leave(ticket, now);
      updateReading();
      noteWork();
    } finally {
      lock.unlock();
    }
  }

  /** The same for a request that may have entered at the moment when it was answered. */
  void leaveIfIn(Ticket ticket, long sequence) {
    lock.lock();
    try {
      if (ticket.counted && ticket.sequence == sequence) {
        leave(ticket, environment.clock().getAsLong());
      }
    } finally {
      lock.unlock();
    }
  }

  private void followLimiter() {
    permits.limit(Math.min(account.limits().requests(), limiter.limit()));
  }

  /**
   * A request is to be answered in its handler's place. One that must run although it is answered
   * keeps its turn, and takes no permit when that comes.
   *
   * @return true when it had not started and need not: it is out, and the caller's
   */
  boolean expire(Ticket ticket, long sequence) {
    lock.lock();
    try {
      if (!ticket.counted || ticket.sequence != sequence) {
        return false;
      }
      ticket.expired = true;
      return !ticket.slot.operation().isLastUse() && takeOut(ticket);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Starts nothing any more.
   *
   * @return true when this request had not started: it is out, and the caller's
   */
  boolean end(Ticket ticket) {
    lock.lock();
    try {
      ended = true;
      return takeOut(ticket);
    } finally {
      lock.unlock();
    }
  }

  private boolean takeOut(Ticket ticket) {
    if (ticket.stage != Ticket.Stage.QUEUED && ticket.stage != Ticket.Stage.ORDERED) {
      return false;
    }
    queueOf(ticket).remove(ticket);
    ticket.stage = Ticket.Stage.ENDED;
    leaveOrderLocked(ticket);
    noteWork();
    return true;
  }

  // ---- waiting for others, throttling ------------------------------------------------------

  /** A request begins to wait for another one; false when it must keep its place. */
  boolean exempt(Ticket ticket) {
    lock.lock();
    try {
      if (!ticket.counted) { // an inline handler holds no place, nor will it when it answers later
        ticket.waits = account.mayExempt();
        return ticket.waits;
      }
      boolean exempt = account.exempt(ticket);
      if (exempt && ticket.holdsPermit) {
        permits.release(ticket);
      }
      account.update(environment.clock().getAsLong());
      updateReading();
      noteWork();
      return exempt;
    } finally {
      lock.unlock();
    }
  }

  /** The store asks for less. */
  void throttled(long retryAfterNanos) {
    lock.lock();
    try {
      limiter.throttled(environment.clock().getAsLong(), retryAfterNanos);
      followLimiter();
    } finally {
      lock.unlock();
    }
  }

  /** Time has passed: what waits may have become urgent. */
  void tick() {
    lock.lock();
    try {
      noteWork();
    } finally {
      lock.unlock();
    }
  }

  // ---- reading -----------------------------------------------------------------------------

  private void updateReading() {
    boolean may = !account.isStopped();
    boolean again = may && !mayRead;
    mayRead = may;
    closed = account.isClosed();
    if (again) {
      readable.signalAll();
      whenReadable.run();
    }
  }

  /** True while as much is in flight as may be; without the lock. */
  boolean isClosed() {
    return closed;
  }

  boolean mayRead() {
    return mayRead;
  }

  boolean awaitMayRead(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!mayRead && left > 0) {
        left = readable.awaitNanos(left);
      }
      return mayRead;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return mayRead;
    } finally {
      lock.unlock();
    }
  }

  // ---- live settings and figures -----------------------------------------------------------

  Limits limits() {
    lock.lock();
    try {
      return account.limits();
    } finally {
      lock.unlock();
    }
  }

  /** Changes the limits; what is in flight goes on. */
  void limits(Limits limits) {
    lock.lock();
    try {
      account.limits(limits, environment.clock().getAsLong());
      permits.budget(limits);
      followLimiter();
      updateReading();
      noteWork();
    } finally {
      lock.unlock();
    }
  }

  /**
   * How full it is.
   *
   * @param requests queued and running
   * @param limits the least the limit can become, the limit in force, the most it can become
   * @param queued by class, in the order of the classes
   */
  record Load(
      int requests,
      long bytes,
      int parked,
      int running,
      List<Integer> limits,
      List<Integer> queued,
      long oldestNanos) {}

  Load load() {
    lock.lock();
    try {
      List<Integer> queued =
          Arrays.stream(RequestClass.values())
              .map(each -> executorQueue.size(each) + platformQueue.size(each))
              .toList();
      long now = environment.clock().getAsLong();
      return new Load(
          account.requests(),
          account.bytes(),
          account.parked(),
          permits.inFlight() + account.waiting(),
          List.of(limiter.minimum(), permits.limit(), limiter.maximum()),
          queued,
          Math.max(executorQueue.oldest(now), platformQueue.oldest(now)));
    } finally {
      lock.unlock();
    }
  }
}
