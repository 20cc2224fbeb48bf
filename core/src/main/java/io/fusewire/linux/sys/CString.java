package io.fusewire.linux.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Puts text into native memory with a NUL behind it; for the request path see {@link NameBuffer}.
 */
public final class CString {
  private CString() {}

  /** A copy of these bytes; they must not hold a NUL. */
  public static MemorySegment of(Arena arena, byte[] bytes) {
    for (byte b : bytes) {
      if (b == 0) {
        throw new IllegalArgumentException("a name or path holds a NUL byte");
      }
    }
    MemorySegment segment = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, segment, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return segment;
  }

  /** A copy of this text in UTF-8. */
  public static MemorySegment of(Arena arena, String text) {
    return of(arena, text.getBytes(StandardCharsets.UTF_8));
  }
}
