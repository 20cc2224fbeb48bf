package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** The attributes of a node ({@code fuse_attr}); the seconds carry signed values. */
public final class AttrStruct {
  public static final Struct STRUCT = Struct.named("fuse_attr");
  public static final U64 INO = STRUCT.u64("ino");
  public static final U64 SIZE = STRUCT.u64("size");
  public static final U64 BLOCKS = STRUCT.u64("blocks");
  public static final U64 ATIME = STRUCT.u64("atime");
  public static final U64 MTIME = STRUCT.u64("mtime");
  public static final U64 CTIME = STRUCT.u64("ctime");
  public static final U32 ATIMENSEC = STRUCT.u32("atimensec");
  public static final U32 MTIMENSEC = STRUCT.u32("mtimensec");
  public static final U32 CTIMENSEC = STRUCT.u32("ctimensec");
  public static final U32 MODE = STRUCT.u32("mode");
  public static final U32 NLINK = STRUCT.u32("nlink");
  public static final U32 UID = STRUCT.u32("uid");
  public static final U32 GID = STRUCT.u32("gid");
  public static final U32 RDEV = STRUCT.u32("rdev");
  public static final U32 BLKSIZE = STRUCT.u32("blksize");
  public static final U32 FLAGS = STRUCT.u32("flags");

  private AttrStruct() {}
}
