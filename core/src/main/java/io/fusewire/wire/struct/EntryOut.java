package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** A node found or made under a name ({@code fuse_entry_out}). */
public final class EntryOut {
  public static final Struct STRUCT = Struct.named("fuse_entry_out");
  public static final U64 NODEID = STRUCT.u64("nodeid");
  public static final U64 GENERATION = STRUCT.u64("generation");
  public static final U64 ENTRY_VALID = STRUCT.u64("entry_valid");
  public static final U64 ATTR_VALID = STRUCT.u64("attr_valid");
  public static final U32 ENTRY_VALID_NSEC = STRUCT.u32("entry_valid_nsec");
  public static final U32 ATTR_VALID_NSEC = STRUCT.u32("attr_valid_nsec");
  public static final Embedded ATTR = STRUCT.embed("attr", AttrStruct.STRUCT);

  /** Bytes of this struct. */
  public static final int SIZE = (int) STRUCT.size();

  private EntryOut() {}
}
