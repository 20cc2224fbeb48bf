package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** The header of every request ({@code fuse_in_header}). */
public final class InHeader {
  public static final Struct STRUCT = Struct.named("fuse_in_header");

  /** Bytes of the whole message, this header included. */
  public static final U32 LEN = STRUCT.u32("len");

  public static final U32 OPCODE = STRUCT.u32("opcode");
  public static final U64 UNIQUE = STRUCT.u64("unique");
  public static final U64 NODEID = STRUCT.u64("nodeid");
  public static final U32 UID = STRUCT.u32("uid");
  public static final U32 GID = STRUCT.u32("gid");
  public static final U32 PID = STRUCT.u32("pid");

  /** Length of the extensions at the message's end, in units of 8 bytes. */
  public static final U16 TOTAL_EXTLEN = STRUCT.u16("total_extlen");

  static {
    STRUCT.u16("padding");
  }

  /** Bytes of this header. */
  public static final int SIZE = (int) STRUCT.size();

  private InHeader() {}
}
