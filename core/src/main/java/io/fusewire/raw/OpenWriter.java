package io.fusewire.raw;

import io.fusewire.wire.struct.OpenOut;
import java.lang.foreign.MemorySegment;

/** Puts the result of an open into reply memory. */
final class OpenWriter {
  private OpenWriter() {}

  static void open(MemorySegment memory, long base, long fileHandle, int flags) {
    OpenOut.FH.set(memory, base, fileHandle);
    OpenOut.OPEN_FLAGS.set(memory, base, flags);
    OpenOut.BACKING_ID.set(memory, base, 0);
  }
}
