package io.fusewire.raw;

import io.fusewire.wire.Opcode;

/** The answer to both forms of COPY_FILE_RANGE. */
public final class CopyReply extends Reply {
  /** The largest page-aligned count that 32 bits hold. */
  private static final long BYTES_MAX_32 = 0xfffff000L;

  CopyReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public CopyReply later() {
    return (CopyReply) detach();
  }

  /**
   * Answers with the number of bytes that were copied; the 32-bit form reports at most 4 GiB - 4
   * KiB.
   */
  public boolean copied(long bytes) {
    sink.check(this);
    if (sink.frame().opcode() == Opcode.COPY_FILE_RANGE_64.number()) {
      CopyFileRange.OUT_BYTES_COPIED.set(sink.result(), sink.resultOffset(), bytes);
    } else {
      int reported = (int) Math.min(bytes, BYTES_MAX_32);
      Write.OUT_SIZE.set(sink.result(), sink.resultOffset(), reported);
      Write.OUT_PADDING.set(sink.result(), sink.resultOffset(), 0);
    }
    return sink.send(this, Write.OUT_BYTES);
  }
}
