package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** The requests of direct access to a shared memory window (DAX on virtiofs). */
public final class MappingStructs {
  /** Maps a part of a file into the window. */
  public static final Struct SETUP = Struct.named("fuse_setupmapping_in");

  public static final U64 SETUP_FH = SETUP.u64("fh");
  public static final U64 SETUP_FOFFSET = SETUP.u64("foffset");
  public static final U64 SETUP_LEN = SETUP.u64("len");
  public static final U64 SETUP_FLAGS = SETUP.u64("flags");
  public static final U64 SETUP_MOFFSET = SETUP.u64("moffset");

  /** How many ranges to unmap; they follow. */
  public static final Struct REMOVE = Struct.named("fuse_removemapping_in");

  public static final U32 REMOVE_COUNT = REMOVE.u32("count");

  /** One range to unmap. */
  public static final Struct REMOVE_ONE = Struct.named("fuse_removemapping_one");

  public static final U64 REMOVE_ONE_MOFFSET = REMOVE_ONE.u64("moffset");
  public static final U64 REMOVE_ONE_LEN = REMOVE_ONE.u64("len");

  private MappingStructs() {}
}
