package io.fusewire.transport.memory;

import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotPool;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A slot whose request was put in by a caller and whose reply is one copy. */
final class MemorySlot extends RequestSlot {
  private static final long VECTOR_BYTES = 2L * Long.BYTES;

  private final MessageRules rules;

  MemorySlot(SlotPool pool, MessageRules rules) {
    super(pool);
    this.rules = rules;
  }

  /** Copies a request into this slot. */
  void put(byte[] request) {
    MemorySegment.copy(MemorySegment.ofArray(request), 0, memory, REQUEST, request.length);
  }

  @Override
  protected long transmit(long vectorsAddress, int count) {
    MemorySegment vectors = at(vectorsAddress, count * VECTOR_BYTES);
    long bytes = 0;
    for (int i = 0; i < count; i++) {
      bytes += length(vectors, i);
    }
    MemorySegment message = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    long end = 0;
    for (int i = 0; i < count; i++) {
      long length = length(vectors, i);
      MemorySegment part = at(vectors.get(ValueLayout.JAVA_LONG, i * VECTOR_BYTES), length);
      MemorySegment.copy(part, 0, message, end, length);
      end += length;
    }
    return rules.take(message);
  }

  private static long length(MemorySegment vectors, int index) {
    return vectors.get(ValueLayout.JAVA_LONG, index * VECTOR_BYTES + Long.BYTES);
  }

  @SuppressWarnings("restricted") // the memory that the kernel would read
  private static MemorySegment at(long address, long bytes) {
    return MemorySegment.ofAddress(address).reinterpret(bytes);
  }
}
