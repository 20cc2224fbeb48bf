package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.I64;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** The attributes that STATX gives ({@code fuse_statx}). */
public final class StatxStruct {
  /** One time ({@code fuse_sx_time}). */
  public static final Struct TIME = Struct.named("fuse_sx_time");

  public static final I64 TV_SEC = TIME.i64("tv_sec");
  public static final U32 TV_NSEC = TIME.u32("tv_nsec");

  static {
    TIME.i32("__reserved");
  }

  public static final Struct STRUCT = Struct.named("fuse_statx");
  public static final U32 MASK = STRUCT.u32("mask");
  public static final U32 BLKSIZE = STRUCT.u32("blksize");
  public static final U64 ATTRIBUTES = STRUCT.u64("attributes");
  public static final U32 NLINK = STRUCT.u32("nlink");
  public static final U32 UID = STRUCT.u32("uid");
  public static final U32 GID = STRUCT.u32("gid");
  public static final U16 MODE = STRUCT.u16("mode");

  static {
    STRUCT.reserved("__spare0", Short.BYTES, 1);
  }

  public static final U64 INO = STRUCT.u64("ino");
  public static final U64 SIZE = STRUCT.u64("size");
  public static final U64 BLOCKS = STRUCT.u64("blocks");
  public static final U64 ATTRIBUTES_MASK = STRUCT.u64("attributes_mask");
  public static final Embedded ATIME = STRUCT.embed("atime", TIME);
  public static final Embedded BTIME = STRUCT.embed("btime", TIME);
  public static final Embedded CTIME = STRUCT.embed("ctime", TIME);
  public static final Embedded MTIME = STRUCT.embed("mtime", TIME);
  public static final U32 RDEV_MAJOR = STRUCT.u32("rdev_major");
  public static final U32 RDEV_MINOR = STRUCT.u32("rdev_minor");
  public static final U32 DEV_MAJOR = STRUCT.u32("dev_major");
  public static final U32 DEV_MINOR = STRUCT.u32("dev_minor");

  static {
    STRUCT.reserved("__spare2", Long.BYTES, 14);
  }

  /** The mask of the fields that stat(2) knows ({@code STATX_BASIC_STATS}). */
  public static final int BASIC_STATS = 0x7ff;

  /** The mask bit of the time of birth ({@code STATX_BTIME}). */
  public static final int BTIME_BIT = 0x800;

  private StatxStruct() {}
}
