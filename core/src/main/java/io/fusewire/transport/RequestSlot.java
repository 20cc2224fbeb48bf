package io.fusewire.transport;

import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.NoReply;
import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Reply;
import io.fusewire.raw.ReplyPolicy;
import io.fusewire.raw.ReplySink;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.InHeader;
import io.fusewire.wire.struct.OutHeader;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request from its arrival to its answer: its memory, its reply, and who may still answer it.
 *
 * <p>{@code state} says it all in one word: which request of this slot ({@code sequence}), whether
 * its answer may outlive the handler ({@code DETACHED}), and whether it may be answered (the
 * phase). Answering is one compare-and-set of it, so there is exactly one answer; a reply knows its
 * generation (sequence and detached bit), so a kept one never answers a later request.
 *
 * <p>A running handler holds the slot; so does an answer that comes later, and then the last of
 * both lets it go. When the library answers in the handler's place ({@link #abandon}) the holds
 * stay: memory that somebody may still write to is not used again.
 *
 * <p>The memory: the {@link ReplyBuffer}, then the request, so placed that the payload of a WRITE
 * starts on a page.
 */
public abstract class RequestSlot implements ReplySink {
  /** As a sequence: no request waits for an answer. */
  public static final long NONE = -1;

  private static final System.Logger LOG = System.getLogger("io.fusewire");
  private static final VarHandle STATE;
  private static final VarHandle HOLDS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      STATE = lookup.findVarHandle(RequestSlot.class, "state", long.class);
      HOLDS = lookup.findVarHandle(RequestSlot.class, "holds", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // The phases, the lowest two bits of the state.
  private static final long CLOSED = 0; // answered, or there is no request
  private static final long OPEN = 1;
  private static final long ABANDONING = 2; // the library's own answer is being written
  private static final long ABANDONED = 3; // the handler's answer is late
  private static final long PHASE = 3;

  private static final long DETACHED = 4;
  private static final int GENERATION_SHIFT = 2;
  private static final int SEQUENCE_SHIFT = 3;

  private static final int PAGE = 4096;

  /** Where the payload of a WRITE starts. */
  protected static final long PAYLOAD = 3L * PAGE;

  /** Where a request starts: so far before {@link #PAYLOAD} as header and struct of WRITE need. */
  public static final long REQUEST = PAYLOAD - 80;

  protected final MemorySegment memory;

  private final SlotPool pool;
  private final RequestListener listener;
  private final ReplyBuffer buffer;
  private final Frame frame;
  private final Intake intake;
  private final @Nullable Reply[] replies = new Reply[Operations.LIMIT];

  private @Nullable Object attachment;

  private volatile long state;

  @SuppressWarnings("UnusedVariable") // through HOLDS
  private volatile int holds;

  private final Cancellation cancellation;
  private long sequence;
  private boolean opened;
  private final Runner runner = new Runner();
  private @Nullable Thread confinedTo;
  private boolean detached;
  private boolean undelivered;
  private boolean late;
  private long receivedBytes;
  private final RequestTag tag = new RequestTag();

  /** Makes a slot with memory of its own, where a request lies in one piece. */
  protected RequestSlot(SlotPool pool) {
    this(pool, NativeMemory.allocate(PAYLOAD + pool.settings().bodyBytes()));
  }

  private RequestSlot(SlotPool pool, MemorySegment memory) {
    this(pool, memory, new Frame(memory, REQUEST, REQUEST + InHeader.SIZE, memory));
  }

  /** Makes a slot in this memory, where the transport puts requests as the frame says. */
  protected RequestSlot(SlotPool pool, MemorySegment memory, Frame frame) {
    this.pool = pool;
    this.listener = pool.listener();
    this.memory = memory;
    this.buffer = new ReplyBuffer(memory);
    this.cancellation = new Cancellation(listener::cancel);
    this.frame = frame;
    this.intake = new Intake(frame, pool.settings().initFlags());
  }

  /**
   * Sends header, result and parts as one message.
   *
   * @param vectorsAddress an array of {@code struct iovec}
   * @return the number of bytes sent, or a negative errno
   */
  protected abstract long transmit(long vectorsAddress, int count);

  /** Sends an error in the place of a handler that may be writing its answer at this moment. */
  protected void transmitApart(long vectorsAddress) {
    transmit(vectorsAddress, 1);
  }

  /**
   * The slot is free: where it goes now. Called by the pool, on any thread.
   *
   * @return false for the pool's own, which takes it back
   */
  protected boolean goHome() {
    return false;
  }

  /** True while the slot is neither in use nor in the pool: the kernel has it. */
  protected boolean isResting() {
    return false;
  }

  /** Sends an answer that waits for its handler to return; called now and then, on any thread. */
  public void press() {}

  // ---- a request arrives -------------------------------------------------------------------

  /** How many bytes a request may have. */
  public final long requestBytesMax() {
    return memory.byteSize() - REQUEST;
  }

  /**
   * Takes in a request that lies in the slot's memory. A bad one is answered here.
   *
   * @return true when it can be served, false when the slot is free again
   */
  public final boolean received(long bytes) {
    receivedBytes = bytes;
    opened = false;
    int refused = intake.take(bytes);
    if (refused != 0) {
      return refused == Intake.NO_ID ? false : reject(refused);
    }
    tag.set(frame.unique(), request().nodeId(), request().pid());
    ReplyObserver observer = pool.settings().observer();
    if (observer != null) {
      observer.received(this);
    }
    return true;
  }

  /** Answers a request that has no handler; always returns false. */
  public final boolean reject(int errno) {
    Opcode opcode = Opcode.of(frame.opcode());
    listener.rejected(frame.opcode(), errno);
    if (opcode == null || !opcode.hasNoReply()) {
      write(-errno, 0);
    }
    return false;
  }

  /** The operation being served; only between {@link #received} and the answer. */
  public final Operation operation() {
    return Objects.requireNonNull(intake.operation(), "no request in this slot");
  }

  /** The same for those who look from outside, when it may be over already; null between two. */
  public final @Nullable Operation operationSeen() {
    return intake.operation();
  }

  /** The request being served. */
  public final RawRequest request() {
    return Objects.requireNonNull(intake.request(), "no request in this slot");
  }

  /** Which request it is, for those who look from outside; it may be over already. */
  public final RequestTag tag() {
    return tag;
  }

  /** Bytes of the request that came in. */
  public final long receivedBytes() {
    return receivedBytes;
  }

  /** What the engine keeps with this slot, or null. */
  public final @Nullable Object attachment() {
    return attachment;
  }

  /** Keeps something with this slot for as long as the slot lives. */
  public final void attach(Object object) {
    attachment = object;
  }

  // ---- the handler runs --------------------------------------------------------------------

  /** Makes the request answerable before its handler runs: it will wait for that. */
  public final void open() {
    opened = true;
    sequence++;
    STATE.setVolatile(this, sequence << SEQUENCE_SHIFT | OPEN);
  }

  /**
   * Runs the handler on the calling thread.
   *
   * @return true when the slot is free again, false when it belongs to a later answer
   */
  public final boolean serve(RawFileSystem fileSystem) {
    Operation op = operation();
    Reply reply = reply(op);
    if (reply instanceof NoReply) {
      call(fileSystem, op, reply);
      return true;
    }
    detached = false;
    confinedTo = runner.begin();
    if (!opened) {
      opened = true;
      sequence++;
      STATE.setRelease(this, sequence << SEQUENCE_SHIFT | OPEN);
    } else if ((state & PHASE) != OPEN && !isOwed(op)) {
      settle();
      end();
      return true;
    }
    reply.renew(sequence << 1);
    call(fileSystem, op, reply);
    if (undelivered) { // not before: the handler may have held locks while it answered
      takeBack();
    }
    if (detached) { // the answer holds the slot too
      end();
      letGo();
      return false;
    }
    if ((state & PHASE) != CLOSED) {
      settle();
    }
    end();
    return true;
  }

  /** The library has answered before the handler began, which must run all the same. */
  private boolean isOwed(Operation op) {
    return op.isLastUse() && (settled() & PHASE) == ABANDONED;
  }

  private void end() {
    runner.end();
    confinedTo = null;
  }

  private Reply reply(Operation op) {
    int index = op.opcode().number();
    Reply reply = replies[index];
    if (reply == null) {
      reply = op.newReply(this);
      replies[index] = reply;
    }
    return reply;
  }

  private void call(RawFileSystem fileSystem, Operation op, Reply reply) {
    try {
      op.serve(fileSystem, request(), reply);
    } catch (Throwable e) { // a handler must not take its thread down, whatever it throws
      int errno = FuseException.errnoOf(e);
      if (errno == Errno.EIO && !(e instanceof FuseException)) {
        LOG.log(System.Logger.Level.ERROR, () -> "the handler of " + op + " failed", e);
      }
      if (refuse(errno)) {
        finish();
      }
    }
  }

  /** The handler has returned and may not answer any more: so somebody else must have. */
  private void settle() {
    long now = settled();
    if ((now & PHASE) == ABANDONED) {
      STATE.compareAndSet(this, now, now & ~PHASE);
    } else if ((now & PHASE) == OPEN && STATE.compareAndSet(this, now, now & ~PHASE)) {
      lost();
    } else if ((now & PHASE) != CLOSED) {
      settle(); // it was abandoned this very moment
    }
  }

  private void lost() {
    listener.lost(this);
    LOG.log(
        System.Logger.Level.ERROR,
        "{0} got no answer: its handler returned, or dropped what reply.later() gave;"
            + " the caller gets EIO: {1}",
        operation(),
        request());
    writeError(Errno.EIO);
  }

  /** The state once no answer of the library is being written. */
  private long settled() {
    long now = state;
    while ((now & PHASE) == ABANDONING) { // for the time of one write
      Thread.onSpinWait();
      now = state;
    }
    return now;
  }

  // ---- the library answers in the handler's place ------------------------------------------

  /** The sequence of the request that waits for an answer, or {@link #NONE}. For any thread. */
  public final long openSequence() {
    long now = state;
    return (now & PHASE) == OPEN ? now >>> SEQUENCE_SHIFT : NONE;
  }

  /** The thread on which the handler runs. */
  public final Runner runner() {
    return runner;
  }

  /**
   * Answers a request whose handler does not: it was not started, or it threw. The slot stays
   * taken.
   *
   * @return false when it was answered already
   */
  public final boolean refuse(int errno) {
    long now = state;
    boolean mine = (now & PHASE) == OPEN && STATE.compareAndSet(this, now, now & ~PHASE);
    if (mine) {
      writeError(errno);
    }
    return mine;
  }

  /**
   * Answers with an error while the handler still runs or is still to answer. The handler's own
   * answer is then late: it is not sent, and what it gives is taken back. For any thread.
   *
   * @return false when this request was answered already
   */
  public final boolean abandon(long which, int errno) {
    long now = state;
    while (now >>> SEQUENCE_SHIFT == which && (now & PHASE) == OPEN) {
      if (STATE.compareAndSet(this, now, (now & ~PHASE) | ABANDONING)) {
        transmitApart(buffer.sealShort(-errno, frame.unique()));
        observeReply(-errno, OutHeader.SIZE);
        listener.answered(this, errno, OutHeader.SIZE);
        STATE.getAndAdd(this, ABANDONED - ABANDONING);
        return true;
      }
      now = state;
    }
    return false;
  }

  /** True when the request was {@link #abandon}ed and still holds the slot. */
  public final boolean isAbandoned() {
    return (state & PHASE) == ABANDONED;
  }

  /**
   * Tells the handler that its caller got a signal. For any thread.
   *
   * @return false when this request was answered already
   */
  public final boolean interrupt(long which) {
    if (openSequence() != which) {
      return false;
    }
    cancellation.interrupt(which);
    return true;
  }

  /** True when the request with this sequence was interrupted. */
  public final boolean wasInterrupted(long which) {
    return cancellation.isInterrupted(which);
  }

  /** Takes the right to answer away: the connection is over. */
  final void revoke() {
    long now = settled();
    while ((now & PHASE) != CLOSED) {
      if (STATE.compareAndSet(this, now, now & ~PHASE)) {
        if ((now & DETACHED) != 0) {
          letGo();
        }
        return;
      }
      now = settled();
    }
  }

  private void letGo() {
    if ((int) HOLDS.getAndAdd(this, -1) == 1) {
      listener.released(this);
      pool.release(this);
    }
  }

  // ---- the answer --------------------------------------------------------------------------

  @Override
  @SuppressWarnings("ReferenceEquality") // threads are the same or not
  public final void check(Reply reply) {
    long now = state;
    if (now >>> GENERATION_SHIFT != reply.generation() || (now & PHASE) == CLOSED) {
      throw answered();
    }
    Thread confined = confinedTo;
    if (confined != null && confined != Thread.currentThread()) {
      throw new IllegalStateException(
          "this reply belongs to the thread " + confined.getName() + "; answer reply.later()");
    }
  }

  private static IllegalStateException answered() {
    return new IllegalStateException("the request was answered already, or its mount is closed");
  }

  @Override
  public final Frame frame() {
    return frame;
  }

  @Override
  public final MemorySegment result() {
    return memory;
  }

  @Override
  public final long resultOffset() {
    return ReplyBuffer.resultOffset();
  }

  @Override
  public final MemorySegment room() {
    return memory;
  }

  @Override
  public final long roomOffset() {
    long end = frame.extensions() + frame.extensionBytes();
    return (end + PAGE - 1) / PAGE * PAGE;
  }

  @Override
  public final long roomBytes() {
    return memory.byteSize() - roomOffset();
  }

  @Override
  public final long roomUsed() {
    return buffer.roomUsed();
  }

  @Override
  public final void useRoom(long bytes) {
    buffer.useRoom(bytes);
  }

  @Override
  public final void gather(MemorySegment part, long offset, long length) {
    buffer.gather(part, offset, length, roomOffset());
  }

  @Override
  public final long gathered() {
    return buffer.gathered();
  }

  @Override
  public final boolean send(Reply reply, int resultBytes) {
    boolean delivered;
    if (takeAnswer(reply)) {
      delivered = write(0, resultBytes);
    } else {
      delivered = false;
      notDelivered(true);
    }
    finish();
    return delivered;
  }

  @Override
  public final boolean fail(Reply reply, int errno) {
    boolean delivered = false;
    if (takeAnswer(reply)) {
      delivered = writeError(errno);
    } else {
      buffer.clear();
    }
    finish();
    return delivered;
  }

  /** Uses the right to answer; false when the answer is late. */
  private boolean takeAnswer(Reply reply) {
    check(reply);
    long open = reply.generation() << GENERATION_SHIFT | OPEN;
    if (STATE.compareAndSet(this, open, open & ~PHASE)) {
      return true;
    }
    long now = settled();
    if (now >>> GENERATION_SHIFT == reply.generation()
        && (now & PHASE) == ABANDONED
        && STATE.compareAndSet(this, now, now & ~PHASE)) {
      return false;
    }
    throw answered();
  }

  private void finish() {
    if (confinedTo == null) {
      letGo();
    }
  }

  private boolean writeError(int errno) {
    buffer.clear();
    return write(-errno, 0);
  }

  /** Writes what was sealed and tells everybody; false when nobody waited for it. */
  private boolean write(int error, int resultBytes) {
    long bytes = buffer.seal(error, frame.unique(), resultBytes);
    observeReply(error, bytes);
    long sent = transmit(buffer.vectorsAddress(), buffer.vectorCount());
    if (sent == bytes || error != 0) {
      buffer.clear();
    }
    if (sent != bytes) {
      notTaken(sent, error, bytes);
    }
    if (intake.operation() != null) { // else it was rejected before it arrived
      listener.answered(this, -error, bytes);
    }
    return sent == bytes;
  }

  private void observeReply(int error, long bytes) {
    ReplyObserver observer = pool.settings().observer();
    if (observer != null) {
      observer.replied(this, error, bytes);
    }
  }

  /** A good answer reached nobody: what it gave is taken back, by and by. */
  private void notDelivered(boolean tooLate) {
    undelivered = true;
    late = tooLate;
    if (confinedTo == null) {
      takeBack();
    }
  }

  private void takeBack() {
    undelivered = false;
    listener.undelivered(this, late);
    buffer.clear();
  }

  private void notTaken(long sent, int error, long bytes) {
    if (error == 0) {
      notDelivered(false);
    }
    if (sent == -Errno.ENOENT || sent == -Errno.ENODEV) {
      return; // interrupted, aborted or unmounted: nobody waits any more
    }
    LOG.log(
        System.Logger.Level.ERROR,
        "the kernel refused a reply of {0} bytes to {1} (unique {2}): {3}",
        bytes,
        Opcode.describe(frame.opcode()),
        frame.unique(),
        sent < 0 ? Errno.describe((int) -sent) : "only " + sent + " bytes were taken");
    if (error == 0) {
      transmit(buffer.sealShort(-Errno.EIO, frame.unique()), 1);
    }
  }

  @Override
  public final Reply detach(Reply reply) {
    check(reply);
    if (confinedTo == null) {
      return reply; // an object of its own already
    }
    Reply own = operation().newReply(this);
    long generation = reply.generation() | 1;
    own.renew(generation);
    HOLDS.setRelease(this, 2);
    long now = settled();
    while ((now & PHASE) != CLOSED) {
      if (STATE.compareAndSet(this, now, now | DETACHED)) {
        detached = true;
        confinedTo = null;
        DroppedReplies.watch(own, this, generation);
        listener.detached(this);
        return own;
      }
      now = settled();
    }
    throw answered();
  }

  /** A reply object was dropped unanswered; this must not have kept it alive. */
  final void dropped(long generation) {
    long now = settled();
    if (now >>> GENERATION_SHIFT != generation || (now & PHASE) == CLOSED) {
      return;
    }
    if (!STATE.compareAndSet(this, now, now & ~PHASE)) {
      dropped(generation); // it was abandoned this very moment
      return;
    }
    if ((now & PHASE) == OPEN) {
      lost();
    }
    letGo();
  }

  @Override
  public final void onCancel(Reply reply, Runnable action) {
    check(reply);
    cancellation.hook(reply.generation() >>> 1, action);
  }

  @Override
  public final boolean isCancelled(Reply reply) {
    return cancellation.isInterrupted(reply.generation() >>> 1);
  }

  @Override
  public final boolean waits(Reply reply) {
    check(reply);
    return listener.waits(this);
  }

  @Override
  public final void throttled(long retryAfterNanos) {
    listener.throttled(retryAfterNanos);
  }

  @Override
  public final ReplyPolicy policy() {
    return pool.settings().policy();
  }

  /**
   * Gives the memory back, its addresses only when nobody has the request any more: a handler that
   * looks at one too late sees zeros. Only the pool calls this, once nobody uses the slot.
   */
  final void free() {
    discard(0, memory.byteSize());
    DroppedReplies.freeAfter(frame, memory);
  }

  /** Makes a part of the memory zero and gives its pages back to the kernel. */
  protected void discard(long offset, long bytes) {
    NativeMemory.discard(memory, offset, bytes);
  }

  /** Gives the pages of a large payload back to the kernel. */
  final void shrink() {
    discard(PAYLOAD, memory.byteSize() - PAYLOAD);
  }
}
