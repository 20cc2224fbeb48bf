package io.fusewire.linux.sys;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U64;

/** What fstatvfs(3) fills on 64-bit Linux ({@code struct statvfs}). */
public final class StatvfsBuffer {
  public static final Struct STRUCT = Struct.named("statvfs");
  public static final U64 BSIZE = STRUCT.u64("f_bsize");
  public static final U64 FRSIZE = STRUCT.u64("f_frsize");
  public static final U64 BLOCKS = STRUCT.u64("f_blocks");
  public static final U64 BFREE = STRUCT.u64("f_bfree");
  public static final U64 BAVAIL = STRUCT.u64("f_bavail");
  public static final U64 FILES = STRUCT.u64("f_files");
  public static final U64 FFREE = STRUCT.u64("f_ffree");
  public static final U64 FAVAIL = STRUCT.u64("f_favail");
  public static final U64 FSID = STRUCT.u64("f_fsid");
  public static final U64 FLAG = STRUCT.u64("f_flag");
  public static final U64 NAMEMAX = STRUCT.u64("f_namemax");

  static {
    STRUCT.reserved("__f_spare", Integer.BYTES, 6);
  }

  /** Bytes of the struct. */
  public static final long BYTES = STRUCT.size();

  private StatvfsBuffer() {}
}
