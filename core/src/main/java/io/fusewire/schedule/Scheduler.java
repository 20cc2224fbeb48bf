package io.fusewire.schedule;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.metrics.SessionMetrics;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Interrupt;
import io.fusewire.raw.LateAnswer;
import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.RawRequest;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotPool;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Decides where the handler of a request runs, and has it run. Safe for all threads.
 *
 * <p>A request whose handler runs inline passes straight through. Any other enters the {@link
 * Room}, starts there at once or when there is room for it, runs on an executor or on a thread of
 * the transport, and leaves the room with its answer.
 */
public final class Scheduler implements RequestListener {
  private static final System.Logger LOG = System.getLogger("io.fusewire");

  private final RawFileSystem fileSystem;
  private final ScheduleSettings settings;
  private final Environment environment;
  private final SessionMetrics metrics;
  private final Runnable onEnd;
  private final Execution[] executions = new Execution[Operations.LIMIT];
  private final boolean[] waits = new boolean[Operations.LIMIT];
  private final boolean[] interruptible = new boolean[Operations.LIMIT];
  private final Recorder recorder;
  private final Interrupts interrupts;
  private final Room room;
  private final boolean gated;
  private volatile @Nullable SlotPool slots;
  private volatile Runnable wake = () -> {};
  private volatile int overrun; // how many times as many handlers hang as requests may be in flight

  /**
   * Asks the file system for its declarations.
   *
   * @param onEnd called once when the connection is over
   * @throws IllegalArgumentException when they do not go together with the dispatch
   */
  public Scheduler(
      RawFileSystem fileSystem,
      ScheduleSettings settings,
      Environment environment,
      Runnable onEnd) {
    this.fileSystem = fileSystem;
    this.settings = settings;
    this.environment = environment;
    this.metrics = environment.metrics();
    this.onEnd = onEnd;
    this.recorder = new Recorder(environment);
    this.interrupts = new Interrupts(metrics, environment.virtual());
    this.room = new Room(settings, environment);
    this.gated = settings.dispatch().mode() != Dispatch.Mode.INLINE;
    for (Operation operation : Operations.all()) {
      Opcode opcode = operation.opcode();
      executions[opcode.number()] = settings.execution(fileSystem, opcode);
      waits[opcode.number()] = fileSystem.waits(opcode);
      interruptible[opcode.number()] = !opcode.hasNoReply() && fileSystem.interruptible(opcode);
    }
  }

  // ---- a request comes ---------------------------------------------------------------------

  @Override
  public void started(SlotPool pool, Runnable waker) {
    slots = pool;
    wake = waker;
    room.whenReadable(waker);
  }

  /** The slots of the session; none before it started. */
  RequestSlot[] slots() {
    SlotPool pool = slots;
    return pool == null ? new RequestSlot[0] : pool.slots();
  }

  static Ticket ticket(RequestSlot slot) {
    Ticket ticket = (Ticket) slot.attachment();
    if (ticket == null) {
      ticket = new Ticket(slot);
      slot.attach(ticket);
    }
    return ticket;
  }

  @Override
  public Arrival arrived(RequestSlot slot) {
    Ticket ticket = ticket(slot);
    Opcode opcode = slot.operation().opcode();
    ticket.execution = executions[opcode.number()];
    ticket.entered = false;
    ticket.waits = false;
    if (overrun > 0 && isRefused(slot.operation())) {
      return refuseOverrun(ticket);
    }
    if (ticket.execution == Execution.INLINE) {
      if (opcode.hasNoReply() || !(room.isOrdered() || mustWait())) {
        return Arrival.INLINE;
      }
      if (mustWait()) {
        ticket.execution = Execution.VIRTUAL; // this thread reads on
      }
    }
    ticket.entered = true;
    recorder.arrived(ticket);
    prepare(ticket, environment.clock().getAsLong());
    if (!room.enter(ticket, waits[opcode.number()])) {
      interrupts.arrived(slot);
      return Arrival.TAKEN;
    }
    interrupts.arrived(slot);
    return start(ticket);
  }

  /** What is sent once is served for longer than the rest, and control for ever. */
  private boolean isRefused(Operation operation) {
    return !operation.opcode().hasNoReply() && overrun >= (operation.isLastUse() ? 2 : 1);
  }

  private Arrival refuseOverrun(Ticket ticket) {
    metrics.overrun();
    recorder.inline(ticket);
    boolean _ = ticket.slot.reject(Errno.EIO);
    giveBack(ticket.slot);
    return Arrival.TAKEN;
  }

  /** True while inline handlers that answer later have filled the room. */
  private boolean mustWait() {
    return gated && room.isClosed();
  }

  private static void prepare(Ticket ticket, long now) {
    RequestSlot slot = ticket.slot;
    Operation operation = slot.operation();
    RawRequest request = slot.request();
    long reply = Math.min(request.replyBytes(), slot.roomBytes());
    ticket.classify(
        operation.requestClass(request), operation.sync(), slot.receivedBytes() + reply);
    ticket.arrivedNanos = now;
    ticket.expired = false;
    ticket.onThread = false;
  }

  private Arrival start(Ticket ticket) {
    if (ticket.stage == Ticket.Stage.ENDED) { // nobody runs handlers any more
      refuse(ticket.slot, Errno.ENOTCONN);
      return Arrival.TAKEN;
    }
    if (ticket.execution == Execution.INLINE) {
      return Arrival.INLINE;
    }
    if (ticket.execution == Execution.PLATFORM && environment.platform() == null) {
      return Arrival.HERE;
    }
    execute(ticket);
    return Arrival.TAKEN;
  }

  private void execute(Ticket ticket) {
    Executor platform = environment.platform();
    Executor executor =
        ticket.execution == Execution.PLATFORM && platform != null
            ? platform
            : environment.virtual();
    try {
      executor.execute(() -> run(ticket.slot));
    } catch (RuntimeException | Error e) { // the executor may be the user's: nothing may get lost
      if (!(e instanceof RejectedExecutionException)) {
        LOG.log(System.Logger.Level.ERROR, "an executor failed; the caller gets EIO", e);
      }
      if (ticket.onThread) {
        room.threadFree();
      }
      room.leaveOrder(ticket);
      refuse(ticket.slot, Errno.EIO);
    }
  }

  private void run(RequestSlot slot) {
    if (serve(slot)) {
      giveBack(slot);
    }
  }

  /** Answers a request whose handler will not run, and gives its slot back. */
  private void refuse(RequestSlot slot, int errno) {
    slot.refuse(errno);
    giveBack(slot);
  }

  private void giveBack(RequestSlot slot) {
    Objects.requireNonNull(slots).release(slot);
  }

  // ---- its handler runs --------------------------------------------------------------------

  @Override
  public boolean serve(RequestSlot slot) {
    Ticket ticket = ticket(slot);
    Opcode opcode = slot.operation().opcode();
    if (!ticket.entered) {
      return serveUncounted(slot, ticket, opcode);
    }
    // Read now: when the answer comes later, the ticket may belong to another request afterwards.
    boolean onThread = ticket.onThread;
    int refused = environment.admission().refuses(slot);
    boolean free = true;
    if (refused != 0) {
      slot.refuse(refused);
    } else {
      slot.runner().interruptible(interruptible[opcode.number()]);
      free = slot.serve(fileSystem);
    }
    if (onThread) {
      room.threadFree();
    }
    if (free) {
      room.leaveOrder(ticket);
      checkOverrun();
    }
    startOthers();
    return free;
  }

  private boolean serveUncounted(RequestSlot slot, Ticket ticket, Opcode opcode) {
    recorder.inline(ticket);
    int refused = environment.admission().refuses(slot);
    if (refused != 0) {
      slot.reject(refused);
      return true;
    }
    if (opcode == Opcode.INTERRUPT) {
      interrupts.received(((Interrupt.Request) slot.request()).victim(), slots());
    }
    slot.runner().interruptible(false);
    boolean free = slot.serve(fileSystem);
    if (opcode.hasNoReply()) {
      recorder.unanswered(ticket);
    }
    return free;
  }

  @Override
  public boolean hasWork() {
    return room.hasThreadWork();
  }

  @Override
  public @Nullable RequestSlot next() {
    Ticket ticket = room.hasThreadWork() ? room.nextForThread() : null;
    return ticket == null ? null : ticket.slot;
  }

  /** Starts what may start now on executors, and wakes a thread of the transport for the rest. */
  private void startOthers() {
    while (room.hasExecutorWork()) {
      Ticket ticket = room.nextForExecutor();
      if (ticket == null) {
        if (room.needsThread()) {
          wake.run();
        }
        return;
      }
      execute(ticket);
    }
  }

  // ---- it is answered ----------------------------------------------------------------------

  @Override
  public void answered(RequestSlot slot, int errno, long bytes) {
    Ticket ticket = ticket(slot);
    boolean counted = ticket.counted;
    long now = recorder.answered(ticket, errno, bytes);
    if (counted) {
      boolean expired = ticket.expired;
      room.leave(ticket, now);
      if (!expired) { // else whoever answered it starts the others: it may be among them
        startOthers();
      }
    }
  }

  @Override
  public void undelivered(RequestSlot slot, boolean late) {
    if (late) {
      metrics.lateAnswerUndone();
    } else {
      metrics.replyUnwanted();
    }
    try {
      LateAnswer.takeBack(fileSystem, slot.operation(), slot.request(), slot);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "forget or release of a late answer failed", e);
    }
  }

  @Override
  public void detached(RequestSlot slot) {
    Ticket ticket = ticket(slot);
    if (gated && !ticket.counted) {
      prepare(ticket, environment.clock().getAsLong());
      room.enterRunning(ticket);
    }
    interrupts.arrived(slot);
  }

  @Override
  public void released(RequestSlot slot) {
    room.leaveOrder(ticket(slot));
    checkOverrun();
    startOthers();
  }

  @Override
  public void lost(RequestSlot slot) {
    metrics.lostAnswer();
  }

  @Override
  public void rejected(int opcode, int errno) {
    metrics.rejected();
  }

  // ---- reading, waiting, throttling, interrupts --------------------------------------------

  @Override
  public boolean mayRead() {
    return room.mayRead();
  }

  @Override
  public boolean awaitMayRead(long nanos) {
    return room.awaitMayRead(nanos);
  }

  @Override
  public boolean waits(RequestSlot slot) {
    boolean exempt = room.exempt(ticket(slot));
    startOthers();
    return exempt;
  }

  @Override
  public void throttled(long retryAfterNanos) {
    room.throttled(retryAfterNanos);
  }

  @Override
  public void cancel(Runnable hook) {
    interrupts.cancel(hook);
  }

  /**
   * Answers a request with an error in its handler's place, whether it has started or not.
   *
   * @return false when it was answered already
   */
  boolean expire(RequestSlot slot, long sequence, int errno) {
    Ticket ticket = ticket(slot);
    if (!room.expire(ticket, sequence)) {
      boolean done = slot.abandon(sequence, errno);
      if (done) {
        room.leaveIfIn(ticket, sequence);
      }
      lookForOverrun();
      startOthers();
      return done;
    }
    refuse(slot, errno);
    startOthers();
    return true;
  }

  private void checkOverrun() {
    if (overrun > 0) {
      lookForOverrun();
    }
  }

  /**
   * Each abandoned slot is replaced by another one, up to a bound; before that is reached, the rest
   * is kept for readers, so that FORGET, INTERRUPT and DESTROY are still served.
   */
  private void lookForOverrun() {
    int hanging = Objects.requireNonNull(slots).abandoned();
    int now = hanging / settings.limits().slots();
    if (now > 0 && overrun == 0) {
      LOG.log(
          System.Logger.Level.ERROR,
          "the handlers of {0} requests hang, which were answered in their place; until some of"
              + " them end, new requests get EIO",
          hanging);
    } else if (now == 0 && overrun > 0) {
      LOG.log(System.Logger.Level.WARNING, "fewer handlers hang: requests are served again");
    }
    overrun = now;
  }

  /** Whether a request has to wait until the handler of the one in this slot has ended. */
  boolean blocks(RequestSlot holder, Ticket waiting) {
    return room.blocks(ticket(holder), waiting);
  }

  /** Starts what has become urgent by waiting; called now and then. */
  void tick() {
    room.tick();
    checkOverrun();
    startOthers();
  }

  // ---- the end -----------------------------------------------------------------------------

  @Override
  public void ended() {
    onEnd.run();
  }

  /** Starts no handler any more; answers what has not started. Idempotent. */
  public void end() {
    for (RequestSlot slot : slots()) {
      if (room.end(ticket(slot))) {
        refuse(slot, Errno.ENOTCONN);
      }
    }
  }

  // ---- live settings and figures -----------------------------------------------------------

  /** The limits in force. */
  public ScheduleSettings.Limits limits() {
    return room.limits();
  }

  /** Changes the limits; what is in flight goes on. */
  public void limits(ScheduleSettings.Limits limits) {
    room.limits(limits);
    startOthers();
  }

  /** The settings it was made with. */
  public ScheduleSettings settings() {
    return settings;
  }

  /** How loaded it is at this moment. */
  Room.Load load() {
    return room.load();
  }
}
