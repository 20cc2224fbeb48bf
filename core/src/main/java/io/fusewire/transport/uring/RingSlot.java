package io.fusewire.transport.uring;

import io.fusewire.linux.sys.IovecBuffer;
import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.linux.sys.SharedMemory;
import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotPool;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.struct.OutHeader;
import io.fusewire.wire.struct.UringStructs;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A slot in the memory of a ring entry: the kernel puts header and arguments into one block and the
 * payload behind it, and takes the answer from the same places. What the file system wrote at the
 * payload's start is not copied.
 *
 * <p>The answer is put in place when it is given and sent when the handler has returned: before,
 * the next request would be written over what the handler may still look at. A handler that goes on
 * after its answer loses its place to another slot ({@link #press}).
 */
final class RingSlot extends RequestSlot {
  /** Where header, arguments and state of the entry lie; the payload follows. */
  static final long HEADERS = PAYLOAD - 512;

  private static final long ARGUMENTS = HEADERS + UringStructs.HEADERS_OP_IN.offset();
  private static final long STATE = HEADERS + UringStructs.HEADERS_RING_ENT_IN_OUT.offset();

  // Who has the memory.
  private static final int KERNEL = 0;
  private static final int HANDLER = 1;
  private static final int ANSWERED = 2; // the handler still, with the answer in place
  private static final int PARTING = 3; // as before, while the answer is copied out
  private static final int PARTED = 4; // the handler alone: the entry has other memory

  private static final VarHandle HOLDER;

  static {
    try {
      HOLDER = MethodHandles.lookup().findVarHandle(RingSlot.class, "holder", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final System.Logger LOG = System.getLogger("io.fusewire");

  /** All memory there is, so that copies from an address need no segment of their own. */
  private static final MemorySegment ALL = NativeMemory.mapped(0, Long.MAX_VALUE);

  private final SlotPool pool;
  private final RingEntry entry;
  private volatile int holder = KERNEL;

  RingSlot(SlotPool pool, RingEntry entry, MemorySegment memory) {
    super(pool, memory, new Frame(memory, HEADERS, ARGUMENTS, memory, PAYLOAD));
    this.pool = pool;
    this.entry = entry;
  }

  /** Bytes of memory for payloads of this size, with room for what goes with them. */
  static long memoryBytes(long payloadBytes, long spare) {
    return PAYLOAD + payloadBytes + spare;
  }

  /** Where the kernel is to put payloads, as an offset. */
  static long payloadOffset() {
    return PAYLOAD;
  }

  // ---- a request comes ---------------------------------------------------------------------

  /**
   * Takes in the request that the kernel has put here.
   *
   * @return true when it can be served, false when it was bad and is answered
   */
  boolean take() {
    HOLDER.setOpaque(this, HANDLER);
    entry.commitId = UringStructs.ENTRY_COMMIT_ID.get(memory, STATE);
    int payload = payloadBytes();
    if (!received(frame().length())) {
      return false;
    }
    return frame().payloadLength() + frame().extensionBytes() == payload || reject(Errno.EIO);
  }

  private int payloadBytes() {
    return UringStructs.ENTRY_PAYLOAD_SZ.get(memory, STATE);
  }

  // ---- the answer --------------------------------------------------------------------------

  @Override
  protected long transmit(long vectors, int count) {
    if (entry.isOver()) {
      return -Errno.ENODEV;
    }
    long head = length(vectors, 0);
    long bytes = head;
    for (int i = 1; i < count; i++) {
      bytes += length(vectors, i);
    }
    if (count > 1 && bytes - head > request().replyBytes()) {
      return -Errno.EINVAL; // the kernel would end the request with this, and say nothing
    }
    long result = head - OutHeader.SIZE;
    long out = base(vectors, 0);
    gather(vectors, count, memory, memory.address() + PAYLOAD + result);
    MemorySegment.copy(ALL, out + OutHeader.SIZE, memory, PAYLOAD, result);
    MemorySegment.copy(ALL, out, memory, HEADERS, OutHeader.SIZE);
    UringStructs.ENTRY_PAYLOAD_SZ.set(memory, STATE, (int) (bytes - OutHeader.SIZE));
    HOLDER.setRelease(this, ANSWERED);
    return bytes;
  }

  /**
   * Moves the parts to where they belong. Those that lie in the slot's own memory may overlap each
   * other's targets: so first those that move up, the last first, then those that move down, and at
   * last what comes from elsewhere.
   */
  static void gather(long vectors, int count, MemorySegment own, long start) {
    long end = start;
    for (int i = 1; i < count; i++) {
      end += length(vectors, i);
    }
    long target = end;
    for (int i = count - 1; i >= 1; i--) {
      long length = length(vectors, i);
      long source = base(vectors, i);
      target -= length;
      if (isIn(own, source) && source < target) {
        MemorySegment.copy(ALL, source, ALL, target, length);
      }
    }
    for (int pass = 0; pass < 2; pass++) {
      target = start;
      for (int i = 1; i < count; i++) {
        long length = length(vectors, i);
        long source = base(vectors, i);
        boolean now = pass == 0 ? isIn(own, source) && source > target : !isIn(own, source);
        if (now) {
          MemorySegment.copy(ALL, source, ALL, target, length);
        }
        target += length;
      }
    }
  }

  private static boolean isIn(MemorySegment memory, long address) {
    return address >= memory.address() && address < memory.address() + memory.byteSize();
  }

  private static long base(long vectors, int index) {
    return IovecBuffer.BASE.get(ALL, vectors + index * IovecBuffer.BYTES);
  }

  private static long length(long vectors, int index) {
    return IovecBuffer.LENGTH.get(ALL, vectors + index * IovecBuffer.BYTES);
  }

  /** Puts a whole answer into a slot that the kernel is about to get. */
  void answer(long unique, int error, @Nullable MemorySegment payload) {
    long bytes = payload == null ? 0 : payload.byteSize();
    if (payload != null) {
      MemorySegment.copy(payload, 0, memory, PAYLOAD, bytes);
    }
    OutHeader.LEN.set(memory, HEADERS, (int) (OutHeader.SIZE + bytes));
    OutHeader.ERROR.set(memory, HEADERS, error);
    OutHeader.UNIQUE.set(memory, HEADERS, unique);
    UringStructs.ENTRY_PAYLOAD_SZ.set(memory, STATE, (int) bytes);
  }

  @Override
  protected void transmitApart(long vector) {
    if (!entry.isOver() && HOLDER.compareAndSet(this, HANDLER, PARTED)) {
      int error = OutHeader.ERROR.get(ALL, base(vector, 0));
      try {
        entry.answerWithout(pool, tag().unique(), error, null);
      } catch (OutOfMemoryError e) {
        LOG.log(System.Logger.Level.WARNING, "an answer has to wait for its handler", e);
        answer(tag().unique(), error, null);
        holder = ANSWERED;
      }
    }
  }

  @Override
  public void press() {
    if (holder == ANSWERED
        && runner().thread() != null
        && !entry.isOver()
        && HOLDER.compareAndSet(this, ANSWERED, PARTING)) {
      int error = OutHeader.ERROR.get(memory, HEADERS);
      try {
        entry.answerWithout(pool, tag().unique(), error, memory.asSlice(PAYLOAD, payloadBytes()));
        holder = PARTED;
      } catch (OutOfMemoryError e) {
        holder = ANSWERED; // it goes when its handler returns
      }
    }
  }

  @Override
  protected boolean goHome() {
    int now = settled();
    if (now == HANDLER) { // of a kind that has no reply; the kernel waits for one all the same
      answer(tag().unique(), 0, null);
    }
    while (now != PARTED) {
      if (HOLDER.compareAndSet(this, now, KERNEL)) {
        entry.commit();
        return true;
      }
      now = settled();
    }
    pool.removeGuest(this);
    return true;
  }

  /** Who has the memory, once no answer is being copied out of it. */
  private int settled() {
    int now = holder;
    while (now == PARTING) { // for the time of one copy
      Thread.onSpinWait();
      now = holder;
    }
    return now;
  }

  @Override
  protected boolean isResting() {
    return holder == KERNEL;
  }

  @Override
  protected void discard(long offset, long bytes) {
    SharedMemory.discard(memory, offset, bytes);
  }
}
