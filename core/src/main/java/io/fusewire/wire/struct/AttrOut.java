package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** The answer to GETATTR and SETATTR ({@code fuse_attr_out}). */
public final class AttrOut {
  public static final Struct STRUCT = Struct.named("fuse_attr_out");
  public static final U64 ATTR_VALID = STRUCT.u64("attr_valid");
  public static final U32 ATTR_VALID_NSEC = STRUCT.u32("attr_valid_nsec");

  /** Padding; written as zero. */
  public static final U32 DUMMY = STRUCT.u32("dummy");

  public static final Embedded ATTR = STRUCT.embed("attr", AttrStruct.STRUCT);

  /** Bytes of this struct. */
  public static final int SIZE = (int) STRUCT.size();

  private AttrOut() {}
}
