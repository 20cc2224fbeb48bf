package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** One name of a READDIR answer ({@code fuse_dirent}); the name follows, padded to 8 bytes. */
public final class Dirent {
  public static final Struct STRUCT = Struct.named("fuse_dirent");
  public static final U64 INO = STRUCT.u64("ino");

  /** The cookie of the entry after this one. */
  public static final U64 OFF = STRUCT.u64("off");

  public static final U32 NAMELEN = STRUCT.u32("namelen");
  public static final U32 TYPE = STRUCT.u32("type");

  /** Bytes of the struct, where the name starts. */
  public static final int SIZE = (int) STRUCT.size();

  private Dirent() {}
}
