package io.fusewire.wire.layout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An unsigned 32-bit field, kept in the bits of an int, of a {@link Struct}, in host byte order.
 *
 * <p>A record, because the JIT compiler trusts its components as constants.
 */
public record U32(String name, long offset) implements Field {
  /** Reads the field of the struct that starts at {@code base} bytes into the segment. */
  public int get(MemorySegment segment, long base) {
    return segment.get(ValueLayout.JAVA_INT_UNALIGNED, base + offset);
  }

  /** Writes the field of the struct that starts at {@code base} bytes into the segment. */
  public void set(MemorySegment segment, long base, int value) {
    segment.set(ValueLayout.JAVA_INT_UNALIGNED, base + offset, value);
  }
}
