package io.fusewire.wire.struct;

import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** The answer to OPEN and OPENDIR, and the second half of CREATE's ({@code fuse_open_out}). */
public final class OpenOut {
  public static final Struct STRUCT = Struct.named("fuse_open_out");
  public static final U64 FH = STRUCT.u64("fh");
  public static final U32 OPEN_FLAGS = STRUCT.u32("open_flags");
  public static final I32 BACKING_ID = STRUCT.i32("backing_id");

  /** Bytes of this struct. */
  public static final int SIZE = (int) STRUCT.size();

  private OpenOut() {}
}
