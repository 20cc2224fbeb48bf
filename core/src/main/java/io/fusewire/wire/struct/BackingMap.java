package io.fusewire.wire.struct;

import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** The argument of the ioctl that registers a backing file ({@code fuse_backing_map}). */
public final class BackingMap {
  public static final Struct STRUCT = Struct.named("fuse_backing_map");

  public static final I32 FD = STRUCT.i32("fd");
  public static final U32 FLAGS = STRUCT.u32("flags");

  static {
    STRUCT.u64("padding");
  }

  private BackingMap() {}
}
