package io.fusewire.linux.sys;

import io.fusewire.wire.layout.I64;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;
import io.fusewire.wire.layout.U64;
import io.fusewire.wire.layout.U8;

/** One entry of what getdents64(2) fills ({@code struct linux_dirent64}). */
public final class DirentBuffer {
  public static final Struct STRUCT = Struct.named("dirent64");
  public static final U64 INO = STRUCT.u64("d_ino");
  public static final I64 OFFSET = STRUCT.i64("d_off");
  public static final U16 RECORD_LENGTH = STRUCT.u16("d_reclen");
  public static final U8 TYPE = STRUCT.u8("d_type");

  /** Where the NUL-terminated name begins, in bytes from the start of the entry. */
  public static final long NAME = TYPE.offset() + 1;

  private DirentBuffer() {}
}
