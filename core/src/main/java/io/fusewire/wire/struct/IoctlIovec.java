package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U64;

/** A piece of the caller's memory, for an ioctl that is tried again ({@code fuse_ioctl_iovec}). */
public final class IoctlIovec {
  public static final Struct STRUCT = Struct.named("fuse_ioctl_iovec");

  public static final U64 BASE = STRUCT.u64("base");
  public static final U64 LEN = STRUCT.u64("len");

  private IoctlIovec() {}
}
