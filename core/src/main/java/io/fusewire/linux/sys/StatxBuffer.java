package io.fusewire.linux.sys;

import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.I64;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** What statx(2) fills ({@code struct statx}). */
public final class StatxBuffer {
  private static final Struct TIME = Struct.named("statx_timestamp");
  public static final I64 SECONDS = TIME.i64("tv_sec");
  public static final U32 NANOS = TIME.u32("tv_nsec");

  static {
    TIME.i32("__reserved");
  }

  public static final Struct STRUCT = Struct.named("statx");
  public static final U32 MASK = STRUCT.u32("stx_mask");
  public static final U32 BLKSIZE = STRUCT.u32("stx_blksize");
  public static final U64 ATTRIBUTES = STRUCT.u64("stx_attributes");
  public static final U32 NLINK = STRUCT.u32("stx_nlink");
  public static final U32 UID = STRUCT.u32("stx_uid");
  public static final U32 GID = STRUCT.u32("stx_gid");
  public static final U16 MODE = STRUCT.u16("stx_mode");

  static {
    STRUCT.reserved("__spare0", Short.BYTES, 1);
  }

  public static final U64 INO = STRUCT.u64("stx_ino");
  public static final U64 SIZE = STRUCT.u64("stx_size");
  public static final U64 BLOCKS = STRUCT.u64("stx_blocks");
  public static final U64 ATTRIBUTES_MASK = STRUCT.u64("stx_attributes_mask");
  public static final Embedded ATIME = STRUCT.embed("stx_atime", TIME);
  public static final Embedded BTIME = STRUCT.embed("stx_btime", TIME);
  public static final Embedded CTIME = STRUCT.embed("stx_ctime", TIME);
  public static final Embedded MTIME = STRUCT.embed("stx_mtime", TIME);
  public static final U32 RDEV_MAJOR = STRUCT.u32("stx_rdev_major");
  public static final U32 RDEV_MINOR = STRUCT.u32("stx_rdev_minor");
  public static final U32 DEV_MAJOR = STRUCT.u32("stx_dev_major");
  public static final U32 DEV_MINOR = STRUCT.u32("stx_dev_minor");
  public static final U64 MNT_ID = STRUCT.u64("stx_mnt_id");

  public static final U32 DIO_MEM_ALIGN = STRUCT.u32("stx_dio_mem_align");
  public static final U32 DIO_OFFSET_ALIGN = STRUCT.u32("stx_dio_offset_align");
  public static final U64 SUBVOL = STRUCT.u64("stx_subvol");

  static {
    STRUCT.reserved("__spare", Long.BYTES, 11);
  }

  /** Bytes of the struct. */
  public static final long BYTES = STRUCT.size();

  /** The mask for what stat(2) tells. */
  public static final int BASIC_STATS = 0x7ff;

  /** The mask bit of the time of birth. */
  public static final int BTIME_BIT = 0x800;

  /** The mask bit of the mount id, as in {@code /proc/self/mountinfo}; it may be used again. */
  public static final int MNT_ID_BIT = 0x1000;

  /** The mask bit of the limits of direct I/O (Linux 6.1). */
  public static final int DIOALIGN_BIT = 0x2000;

  /** The mask bit of a mount id that is never used again (Linux 6.8). */
  public static final int MNT_ID_UNIQUE_BIT = 0x4000;

  private StatxBuffer() {}
}
