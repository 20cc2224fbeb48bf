package io.fusewire.transport.uring;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.MemoryCalls;
import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.linux.sys.UringBuffers;
import io.fusewire.linux.sys.UringCalls;
import io.fusewire.wire.struct.UringStructs;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * One io_uring: submissions of 128 bytes and their completions. Made, used and closed by one
 * thread. DEFER_TASKRUN is not asked for: with it clients took the CPU from that thread on its way
 * back to Java with few completions. Nothing is allocated after it was made. See io_uring(7).
 */
final class Ring implements AutoCloseable {
  private static final int OPCODE_READ = 22;
  private static final int OPCODE_URING_CMD = 46;
  private static final int COMMAND_REGISTER = 1;
  private static final int COMMAND_COMMIT_AND_FETCH = 2;
  private static final int FLAGS =
      UringCalls.SETUP_SQE128 | UringCalls.SETUP_SUBMIT_ALL | UringCalls.SETUP_COOP_TASKRUN;
  private static final int PROT_READ_WRITE = 3;
  private static final int MAP_SHARED_POPULATE = 0x01 | 0x8000;

  /** Of registering: header and payload. */
  private static final int VECTORS = 2;

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private final MemorySegment errno = ErrnoState.allocate(Arena.ofAuto());
  private final int fd;
  private final int enterFd;
  private final int enterFlags;
  private final MemorySegment rings;
  private final MemorySegment sqes;
  private final long sqHead;
  private final long sqTail;
  private final int sqMask;
  private final long cqHead;
  private final long cqTail;
  private final int cqMask;
  private final long cqes;
  private int tail;
  private int submitted;
  private int head;

  private Ring(
      int fd, int registered, MemorySegment params, MemorySegment rings, MemorySegment sqes) {
    this.fd = fd;
    enterFd = registered >= 0 ? registered : fd;
    enterFlags =
        UringCalls.ENTER_GETEVENTS | (registered >= 0 ? UringCalls.ENTER_REGISTERED_RING : 0);
    this.rings = rings;
    this.sqes = sqes;
    long sq = UringBuffers.PARAMS_SQ.offset();
    long cq = UringBuffers.PARAMS_CQ.offset();
    sqHead = UringBuffers.SQ_HEAD.get(params, sq);
    sqTail = UringBuffers.SQ_TAIL.get(params, sq);
    sqMask = rings.get(ValueLayout.JAVA_INT, UringBuffers.SQ_MASK.get(params, sq));
    cqHead = UringBuffers.CQ_HEAD.get(params, cq);
    cqTail = UringBuffers.CQ_TAIL.get(params, cq);
    cqMask = rings.get(ValueLayout.JAVA_INT, UringBuffers.CQ_MASK.get(params, cq));
    cqes = UringBuffers.CQ_CQES.get(params, cq);
    long array = UringBuffers.SQ_ARRAY.get(params, sq);
    for (int i = 0; i <= sqMask; i++) { // submissions are made in the order of their places
      rings.set(ValueLayout.JAVA_INT, array + (long) i * Integer.BYTES, i);
    }
  }

  /**
   * Makes a ring for the calling thread.
   *
   * @param entries submissions that may be made between two calls of {@link #enter}
   * @param fuse the descriptor that commands go to
   * @throws LinuxException naming the call that failed and why
   */
  static Ring open(int entries, int fuse) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment params = arena.allocate(UringBuffers.PARAMS.size(), Long.BYTES);
      UringBuffers.PARAMS_FLAGS.set(params, 0, FLAGS);
      int fd = UringCalls.setup(entries, params.address());
      if (fd < 0) {
        throw new LinuxException(
            "io_uring_setup(" + entries + ")",
            fd,
            "io_uring may be switched off (sysctl kernel.io_uring_disabled), filtered by a"
                + " container's seccomp profile, or the kernel is older than 6.1");
      }
      MemorySegment rings = null;
      MemorySegment sqes = null;
      try {
        rings = map(fd, UringCalls.MAP_RINGS, ringBytes(params));
        long sqeBytes = UringBuffers.PARAMS_SQ_ENTRIES.get(params, 0) * UringBuffers.SQE_BYTES;
        sqes = map(fd, UringCalls.MAP_SQES, sqeBytes);
        registerFile(fd, fuse, arena);
        return new Ring(fd, registerRing(fd, arena), params, rings, sqes);
      } catch (LinuxException e) {
        unmap(rings);
        unmap(sqes);
        FileCalls.close(fd);
        throw e;
      }
    }
  }

  /** Keeps the file that all commands go to, so that none has to look it up. */
  private static void registerFile(int fd, int file, Arena arena) throws LinuxException {
    MemorySegment files = arena.allocate(Integer.BYTES, Integer.BYTES);
    files.set(ValueLayout.JAVA_INT, 0, file);
    int result = UringCalls.register(fd, UringCalls.REGISTER_FILES, files.address(), 1);
    var _ = LinuxException.check(result, "io_uring_register(files)", "");
  }

  /** The same for the ring itself; its place, or a negative errno where the kernel has none. */
  private static int registerRing(int fd, Arena arena) {
    MemorySegment update = arena.allocate(UringBuffers.UPDATE.size(), Long.BYTES);
    UringBuffers.UPDATE_OFFSET.set(update, 0, -1);
    UringBuffers.UPDATE_DATA.set(update, 0, fd);
    int result = UringCalls.register(fd, UringCalls.REGISTER_RING_FDS, update.address(), 1);
    return result == 1 ? UringBuffers.UPDATE_OFFSET.get(update, 0) : Math.min(result, -1);
  }

  private static long ringBytes(MemorySegment params) {
    long sq =
        UringBuffers.SQ_ARRAY.get(params, UringBuffers.PARAMS_SQ.offset())
            + (long) UringBuffers.PARAMS_SQ_ENTRIES.get(params, 0) * Integer.BYTES;
    long cq =
        UringBuffers.CQ_CQES.get(params, UringBuffers.PARAMS_CQ.offset())
            + UringBuffers.PARAMS_CQ_ENTRIES.get(params, 0) * UringBuffers.CQE.size();
    return Math.max(sq, cq);
  }

  private static MemorySegment map(int fd, long offset, long bytes) throws LinuxException {
    long address = MemoryCalls.mmap(0, bytes, PROT_READ_WRITE, MAP_SHARED_POPULATE, fd, offset);
    if (address < 0 && address > -4096) {
      throw new LinuxException("mmap(io_uring, " + bytes + " bytes)", (int) address, "");
    }
    return NativeMemory.mapped(address, bytes);
  }

  private static void unmap(@Nullable MemorySegment memory) {
    if (memory != null) {
      NativeMemory.free(memory);
    }
  }

  // ---- submissions -------------------------------------------------------------------------

  /** Prepares the registration of memory for one request of a queue; vectors as two iovecs. */
  void register(int queue, long vectors, int userData) {
    long sqe = command(COMMAND_REGISTER, queue, 0, userData);
    UringBuffers.SQE_ADDRESS.set(sqes, sqe, vectors);
    UringBuffers.SQE_LENGTH.set(sqes, sqe, VECTORS);
  }

  /** Prepares the answer to a request, which asks for the next one. */
  void commit(int queue, long commitId, int userData) {
    command(COMMAND_COMMIT_AND_FETCH, queue, commitId, userData);
  }

  /** Prepares a registration that the kernel refuses: it then gives up io_uring for this mount. */
  void spoil(int userData) {
    command(COMMAND_REGISTER, 0, 0, userData); // without vectors
  }

  /** Prepares a read(2) of 8 bytes. */
  void read(int from, long address, int userData) {
    long sqe = next(OPCODE_READ, 0, from, userData);
    UringBuffers.SQE_COMMAND.set(sqes, sqe, 0);
    UringBuffers.SQE_ADDRESS.set(sqes, sqe, address);
    UringBuffers.SQE_LENGTH.set(sqes, sqe, Long.BYTES);
  }

  private long command(int command, int queue, long commitId, int userData) {
    long sqe = next(OPCODE_URING_CMD, UringBuffers.SQE_FIXED_FILE, 0, userData);
    UringBuffers.SQE_COMMAND.set(sqes, sqe, command);
    long arguments = sqe + UringBuffers.SQE_ARGUMENTS;
    UringStructs.COMMAND_FLAGS.set(sqes, arguments, 0);
    UringStructs.COMMAND_COMMIT_ID.set(sqes, arguments, commitId);
    UringStructs.COMMAND_QID.set(sqes, arguments, queue);
    return sqe;
  }

  private long next(int opcode, int flags, int of, int userData) {
    long sqe = (tail & sqMask) * UringBuffers.SQE_BYTES;
    tail++;
    UringBuffers.SQE_OPCODE.set(sqes, sqe, opcode);
    UringBuffers.SQE_FLAGS.set(sqes, sqe, flags);
    UringBuffers.SQE_IOPRIO.set(sqes, sqe, 0);
    UringBuffers.SQE_FD.set(sqes, sqe, of);
    UringBuffers.SQE_ADDRESS.set(sqes, sqe, 0);
    UringBuffers.SQE_LENGTH.set(sqes, sqe, 0);
    UringBuffers.SQE_OPERATION_FLAGS.set(sqes, sqe, 0);
    UringBuffers.SQE_USER_DATA.set(sqes, sqe, userData);
    UringBuffers.SQE_BUFFER.set(sqes, sqe, 0);
    return sqe;
  }

  /** True when no more can be prepared before the next {@link #enter}. */
  boolean isFull() {
    return tail - submitted > sqMask;
  }

  /** How many submissions the kernel has not seen. */
  int prepared() {
    return tail - submitted;
  }

  // ---- completions -------------------------------------------------------------------------

  /**
   * Submits what was prepared and gets completions.
   *
   * @param wait how many to wait for, 0 or 1
   * @return 0, or a negative errno; EINTR is none
   */
  int enter(int wait) {
    INT.setRelease(rings, sqTail, tail);
    int count = tail - submitted;
    int result = UringCalls.enter(errno, enterFd, count, wait, enterFlags);
    submitted = (int) INT.getAcquire(rings, sqHead);
    return result < 0 ? result : 0;
  }

  /** True when a completion lies ready. */
  boolean hasCompletion() {
    return head != (int) INT.getAcquire(rings, cqTail);
  }

  /** What the oldest completion belongs to. */
  int completed() {
    return (int) UringBuffers.CQE_USER_DATA.get(rings, completion());
  }

  /** Its result. */
  int result() {
    return UringBuffers.CQE_RESULT.get(rings, completion());
  }

  /** Takes the oldest completion away. */
  void advance() {
    head++;
    INT.setRelease(rings, cqHead, head);
  }

  private long completion() {
    return cqes + (head & cqMask) * UringBuffers.CQE.size();
  }

  @Override
  public void close() {
    NativeMemory.free(rings);
    NativeMemory.free(sqes);
    FileCalls.close(fd);
  }
}
