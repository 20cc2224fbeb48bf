package io.fusewire.transport;

import io.fusewire.wire.struct.OutHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;

/**
 * The reply side of a slot's memory: reply header and result struct, the vectors of the gather
 * write, and a second header for the library's own answer, which may go out while a handler that
 * takes too long still builds its one. Used by whoever has the right to answer.
 */
final class ReplyBuffer {
  /** The largest number of memory pieces in a reply, the header not counted. */
  static final int PARTS_MAX = 512;

  private static final long OUT = 0;
  private static final long VECTORS = 512;
  private static final long VECTOR_BYTES = 16;
  private static final long SHORT_OUT = VECTORS + (PARTS_MAX + 1) * VECTOR_BYTES;
  private static final long SHORT_VECTOR = SHORT_OUT + OutHeader.SIZE;

  /** Where this side of the memory ends. */
  static final long END = SHORT_VECTOR + VECTOR_BYTES;

  private final MemorySegment memory;
  private int vectors;
  private long gathered;
  private long roomUsed;

  ReplyBuffer(MemorySegment memory) {
    this.memory = memory;
  }

  static long resultOffset() {
    return OUT + OutHeader.SIZE;
  }

  long gathered() {
    return gathered;
  }

  long roomUsed() {
    return roomUsed;
  }

  void useRoom(long bytes) {
    roomUsed += bytes;
  }

  /** Forgets what was gathered for an answer that is not given. */
  void clear() {
    vectors = 0;
    gathered = 0;
    roomUsed = 0;
  }

  /** Appends memory; heap memory is copied to the room that starts here. */
  void gather(MemorySegment part, long offset, long length, long room) {
    Objects.checkFromIndexSize(offset, length, part.byteSize());
    if (vectors == PARTS_MAX) {
      throw new IllegalStateException("a reply has at most " + PARTS_MAX + " parts");
    }
    long address;
    if (part.isNative()) {
      address = part.address() + offset;
    } else {
      long target = room + roomUsed;
      MemorySegment.copy(part, offset, memory, target, length);
      address = memory.address() + target;
      roomUsed += length;
    }
    vectors++;
    setVector(VECTORS + vectors * VECTOR_BYTES, address, length);
    gathered += length;
  }

  private void setVector(long vector, long address, long length) {
    memory.set(ValueLayout.JAVA_LONG, vector, address);
    memory.set(ValueLayout.JAVA_LONG, vector + Long.BYTES, length);
  }

  /** Writes the header of the whole answer; returns its bytes. */
  long seal(int error, long unique, int resultBytes) {
    long head = OutHeader.SIZE + (long) resultBytes;
    header(OUT, head + gathered, error, unique);
    setVector(VECTORS, memory.address() + OUT, head);
    return head + gathered;
  }

  /** The vectors of the sealed answer. */
  long vectorsAddress() {
    return memory.address() + VECTORS;
  }

  /** How many they are. */
  int vectorCount() {
    return vectors + 1;
  }

  /** Writes an error answer that touches nothing a handler may be writing; returns its vector. */
  long sealShort(int error, long unique) {
    header(SHORT_OUT, OutHeader.SIZE, error, unique);
    setVector(SHORT_VECTOR, memory.address() + SHORT_OUT, OutHeader.SIZE);
    return memory.address() + SHORT_VECTOR;
  }

  private void header(long at, long bytes, int error, long unique) {
    OutHeader.LEN.set(memory, at, (int) bytes);
    OutHeader.ERROR.set(memory, at, error);
    OutHeader.UNIQUE.set(memory, at, unique);
  }
}
