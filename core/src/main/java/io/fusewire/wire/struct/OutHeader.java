package io.fusewire.wire.struct;

import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** The header of every reply and notification ({@code fuse_out_header}). */
public final class OutHeader {
  public static final Struct STRUCT = Struct.named("fuse_out_header");
  public static final U32 LEN = STRUCT.u32("len");

  /** 0 or a negative errno; the positive notify code when unique is 0. */
  public static final I32 ERROR = STRUCT.i32("error");

  public static final U64 UNIQUE = STRUCT.u64("unique");

  /** Bytes of this header. */
  public static final int SIZE = (int) STRUCT.size();

  private OutHeader() {}
}
