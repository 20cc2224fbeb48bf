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
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One request from its arrival to its answer: its memory, its reply, and who may still answer it.
 *
 * <p>{@code current} is the token of the reply that may answer; answering is a compare-and-set of
 * it to null, so there is exactly one answer. A reply that outlives its handler is an object of its
 * own, never used again, so that a late answer cannot hit a later request. A slot whose answer may
 * come late is held twice, by the handler and by the answer; the last to let go releases it.
 *
 * <p>The memory: reply header and result struct, the vectors of the gather write, then the request
 * so placed that the payload of a WRITE starts on a page.
 */
public abstract class RequestSlot implements ReplySink {
  /** The largest number of memory pieces in a reply, the header not counted. */
  public static final int PARTS_MAX = 512;

  private static final System.Logger LOG = System.getLogger("io.fusewire");
  private static final Cleaner DROPPED =
      Cleaner.create(
          task ->
              Thread.ofPlatform().name("fusewire-dropped-replies").daemon(true).unstarted(task));
  private static final VarHandle CURRENT;
  private static final VarHandle HOLDS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      CURRENT = lookup.findVarHandle(RequestSlot.class, "current", Object.class);
      HOLDS = lookup.findVarHandle(RequestSlot.class, "holds", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final int PAGE = 4096;
  private static final long OUT = 0;
  private static final long VECTORS = 512;
  private static final long VECTOR_BYTES = 16;

  /** Where the payload of a WRITE starts. */
  static final long PAYLOAD = 3L * PAGE;

  /** Where a request starts: so far before {@link #PAYLOAD} as header and struct of WRITE need. */
  public static final long REQUEST = PAYLOAD - 80;

  private static final int TWO_HOLDS = 2;

  /** The memory of the slot; mapped until the pool frees it. */
  protected final MemorySegment memory;

  private final SlotPool pool;
  private final Frame frame;
  private final @Nullable RawRequest[] requests = new RawRequest[Operations.LIMIT];
  private final @Nullable Reply[] inlineReplies = new Reply[Operations.LIMIT];

  private @Nullable Operation operation;
  private @Nullable RawRequest request;

  private volatile @Nullable Object current;

  @SuppressWarnings("UnusedVariable") // through HOLDS
  private volatile int holds;

  private @Nullable Reply handedOver;
  private @Nullable Thread confinedTo;
  private boolean detached;
  private int vectors;
  private long gathered;
  private long roomUsed;
  private long receivedBytes;

  /** Makes a slot with memory of its own. */
  protected RequestSlot(SlotPool pool) {
    this.pool = pool;
    this.memory = NativeMemory.allocate(PAYLOAD + pool.settings().bodyBytes());
    this.frame = new Frame(memory, REQUEST, REQUEST + InHeader.SIZE, memory);
  }

  /**
   * Sends header, result and parts as one message.
   *
   * @param vectorsAddress an array of {@code struct iovec}
   * @return the number of bytes sent, or a negative errno
   */
  protected abstract long transmit(long vectorsAddress, int count);

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
    operation = null;
    if (bytes < InHeader.SIZE || frame.length() != bytes) {
      LOG.log(System.Logger.Level.ERROR, "a message of {0} bytes whose header does not fit", bytes);
      return bytes < InHeader.SIZE ? false : reject(Errno.EIO); // else its unique is unknown
    }
    Operation found = Operations.of(frame.opcode());
    if (found == null) {
      return reject(Errno.ENOSYS);
    }
    long arguments = found.argumentBytes(pool.settings().initFlags());
    long payload = REQUEST + InHeader.SIZE + arguments;
    int payloadBytes = (int) (bytes - InHeader.SIZE - arguments);
    RawRequest view = view(found);
    if (payloadBytes < 0
        || !frame.setParts(arguments, payload, payloadBytes)
        || !found.accepts(frame, view)) {
      LOG.log(System.Logger.Level.ERROR, "malformed {0} of {1} bytes", found, bytes);
      return reject(Errno.EINVAL);
    }
    operation = found;
    request = view;
    ReplyObserver observer = pool.settings().observer();
    if (observer != null) {
      observer.received(this);
    }
    return true;
  }

  private RawRequest view(Operation of) {
    int index = of.opcode().number();
    RawRequest view = requests[index];
    if (view == null) {
      view = of.newRequest(frame);
      requests[index] = view;
    }
    return view;
  }

  /** Answers a request that has no handler; always returns false. */
  public final boolean reject(int errno) {
    Opcode opcode = Opcode.of(frame.opcode());
    if (opcode == null || !opcode.hasNoReply()) {
      transmitError(errno);
    }
    return false;
  }

  /** The operation being served; only between {@link #received} and the answer. */
  public final Operation operation() {
    return Objects.requireNonNull(operation, "no request in this slot");
  }

  /** The request being served. */
  public final RawRequest request() {
    return Objects.requireNonNull(request, "no request in this slot");
  }

  /** Bytes of the request that came in. */
  public final long receivedBytes() {
    return receivedBytes;
  }

  // ---- the handler runs --------------------------------------------------------------------

  /**
   * Runs the handler on the reading thread.
   *
   * @return true when the slot is free again
   */
  public final boolean serveInline(RawFileSystem fileSystem) {
    Operation op = operation();
    Reply reply = inlineReply(op);
    detached = false;
    confinedTo = Thread.currentThread();
    boolean answers = !(reply instanceof NoReply);
    if (answers) {
      CURRENT.setRelease(this, reply.token());
    }
    call(fileSystem, op, reply);
    if (detached) { // the answer holds the slot too: it is still ours
      letGo();
      return false;
    }
    if (answers && isCurrent(reply.token())) {
      lost(reply.token()); // still confined: nobody who kept the reply can be faster
    }
    confinedTo = null;
    return true;
  }

  private Reply inlineReply(Operation op) {
    int index = op.opcode().number();
    Reply reply = inlineReplies[index];
    if (reply == null) {
      reply = op.newReply(this);
      inlineReplies[index] = reply;
    }
    return reply;
  }

  /** Prepares the slot to be served by {@link #serveElsewhere} on another thread. */
  public final void handOver() {
    Reply reply = operation().newReply(this);
    handedOver = reply;
    detached = false;
    HOLDS.setRelease(this, TWO_HOLDS);
    CURRENT.setVolatile(this, reply.token());
  }

  /** Runs the handler of a slot that was handed over; the slot goes back to its pool by itself. */
  public final void serveElsewhere(RawFileSystem fileSystem) {
    Reply reply = Objects.requireNonNull(handedOver, "handOver comes first");
    handedOver = null; // only the handler keeps it alive: see detach
    if (current != null) { // null: revoked before the handler started
      call(fileSystem, operation(), reply);
      if (!detached && isCurrent(reply.token())) {
        lost(reply.token());
      }
    }
    letGo();
  }

  private void call(RawFileSystem fileSystem, Operation op, Reply reply) {
    try {
      op.serve(fileSystem, request(), reply);
    } catch (Throwable e) { // a handler must not take the reader down, whatever it throws
      int errno = FuseException.errnoOf(e);
      if (errno == Errno.EIO && !(e instanceof FuseException)) {
        LOG.log(System.Logger.Level.ERROR, () -> "the handler of " + op + " failed", e);
      }
      failIfOpen(current, errno);
    }
  }

  private void lost(Object token) {
    LOG.log(
        System.Logger.Level.ERROR,
        "{0} got no answer: its handler returned, or dropped what reply.later() gave;"
            + " the caller gets EIO: {1}",
        operation(),
        request());
    failIfOpen(token, Errno.EIO);
  }

  /** Answers unless somebody else was faster. */
  private void failIfOpen(@Nullable Object token, int errno) {
    if (token != null && CURRENT.compareAndSet(this, token, null)) {
      transmitError(errno);
      finish();
    }
  }

  /** Answers with an error although no handler ran; the slot goes back to its pool by itself. */
  public final void refuse(int errno) {
    failIfOpen(current, errno);
    letGo();
  }

  /** Takes the right to answer away: the connection is over. */
  final void revoke() {
    Object token = current;
    if (token != null && holds > 0 && CURRENT.compareAndSet(this, token, null)) {
      letGo();
    }
  }

  private void letGo() {
    if ((int) HOLDS.getAndAdd(this, -1) == 1) {
      pool.release(this);
    }
  }

  // ---- the answer --------------------------------------------------------------------------

  @Override
  @SuppressWarnings("ReferenceEquality") // threads are the same or not
  public final void check(Reply reply) {
    if (!isCurrent(reply.token())) {
      throw answered();
    }
    Thread confined = confinedTo;
    if (confined != null && confined != Thread.currentThread()) {
      throw new IllegalStateException(
          "this reply belongs to the thread " + confined.getName() + "; answer reply.later()");
    }
  }

  @SuppressWarnings("ReferenceEquality") // which object it is decides
  private boolean isCurrent(Object token) {
    return current == token;
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
    return OUT + OutHeader.SIZE;
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
    return roomUsed;
  }

  @Override
  public final void useRoom(long bytes) {
    roomUsed += bytes;
  }

  @Override
  public final void gather(MemorySegment part, long offset, long length) {
    Objects.checkFromIndexSize(offset, length, part.byteSize());
    if (vectors == PARTS_MAX) {
      throw new IllegalStateException("a reply has at most " + PARTS_MAX + " parts");
    }
    long address;
    if (part.isNative()) {
      address = part.address() + offset;
    } else {
      long target = roomOffset() + roomUsed;
      MemorySegment.copy(part, offset, memory, target, length);
      address = memory.address() + target;
      roomUsed += length;
    }
    vectors++;
    setVector(vectors, address, length);
    gathered += length;
  }

  private void setVector(int index, long address, long length) {
    long vector = VECTORS + index * VECTOR_BYTES;
    memory.set(ValueLayout.JAVA_LONG, vector, address);
    memory.set(ValueLayout.JAVA_LONG, vector + Long.BYTES, length);
  }

  @Override
  public final long gathered() {
    return gathered;
  }

  @Override
  public final boolean send(Reply reply, int resultBytes) {
    check(reply);
    if (!CURRENT.compareAndSet(this, reply.token(), null)) {
      throw answered();
    }
    boolean delivered = transmitReply(0, resultBytes);
    finish();
    return delivered;
  }

  @Override
  public final boolean fail(Reply reply, int errno) {
    check(reply);
    if (!CURRENT.compareAndSet(this, reply.token(), null)) {
      throw answered();
    }
    boolean delivered = transmitError(errno);
    finish();
    return delivered;
  }

  private void finish() {
    if (confinedTo == null) {
      letGo();
    }
  }

  private boolean transmitError(int errno) {
    vectors = 0;
    gathered = 0;
    return transmitReply(-errno, 0);
  }

  private boolean transmitReply(int error, int resultBytes) {
    long bytes = OutHeader.SIZE + resultBytes + gathered;
    OutHeader.LEN.set(memory, OUT, (int) bytes);
    OutHeader.ERROR.set(memory, OUT, error);
    OutHeader.UNIQUE.set(memory, OUT, frame.unique());
    setVector(0, memory.address() + OUT, OutHeader.SIZE + (long) resultBytes);
    int count = vectors + 1;
    vectors = 0;
    gathered = 0;
    roomUsed = 0;
    ReplyObserver observer = pool.settings().observer();
    if (observer != null) {
      observer.replied(this, error, bytes);
    }
    long sent = transmit(memory.address() + VECTORS, count);
    if (sent == bytes) {
      return true;
    }
    return notDelivered(sent, error, bytes);
  }

  private boolean notDelivered(long sent, int error, long bytes) {
    if (sent == -Errno.ENOENT || sent == -Errno.ENODEV) {
      return false; // interrupted, aborted or unmounted: nobody waits any more
    }
    LOG.log(
        System.Logger.Level.ERROR,
        "the kernel refused a reply of {0} bytes to {1} (unique {2}): {3}",
        bytes,
        Opcode.describe(frame.opcode()),
        frame.unique(),
        sent < 0 ? Errno.describe((int) -sent) : "only " + sent + " bytes were taken");
    if (error == 0) {
      transmitReply(-Errno.EIO, 0);
    }
    return false;
  }

  @Override
  public final Reply detach(Reply reply) {
    check(reply);
    detached = true;
    if (confinedTo == null) {
      watch(reply);
      return reply; // an object of its own already
    }
    confinedTo = null;
    Reply own = operation().newReply(this);
    HOLDS.setRelease(this, TWO_HOLDS);
    CURRENT.setVolatile(this, own.token());
    watch(own);
    return own;
  }

  /** Answers EIO should the reply be dropped unanswered; the slot must not keep it alive. */
  private void watch(Reply reply) {
    Object token = reply.token();
    var _ = DROPPED.register(reply, () -> dropped(token));
  }

  private void dropped(Object token) {
    if (isCurrent(token)) {
      lost(token);
    }
  }

  @Override
  public final ReplyPolicy policy() {
    return pool.settings().policy();
  }

  /** Gives the memory back; only the pool calls this, once nobody uses the slot. */
  final void free() {
    NativeMemory.free(memory);
  }

  /** Gives the pages of a large payload back to the kernel. */
  final void shrink() {
    NativeMemory.discard(memory, PAYLOAD, memory.byteSize() - PAYLOAD);
  }
}
