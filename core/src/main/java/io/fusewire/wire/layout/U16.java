package io.fusewire.wire.layout;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * An unsigned 16-bit field of a {@link Struct}, in host byte order.
 *
 * <p>A record, because the JIT compiler trusts its components as constants.
 */
public record U16(String name, long offset) implements Field {
  /** Reads the field of the struct that starts at {@code base} bytes into the segment. */
  public int get(MemorySegment segment, long base) {
    return segment.get(ValueLayout.JAVA_SHORT_UNALIGNED, base + offset) & 0xffff;
  }

  /** Writes the field of the struct that starts at {@code base} bytes into the segment. */
  public void set(MemorySegment segment, long base, int value) {
    segment.set(ValueLayout.JAVA_SHORT_UNALIGNED, base + offset, (short) value);
  }
}
