package io.fusewire.linux.sys;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U64;

/** How openat2(2) opens ({@code struct open_how}). */
public final class OpenHow {
  public static final Struct STRUCT = Struct.named("open_how");
  public static final U64 FLAGS = STRUCT.u64("flags");
  public static final U64 MODE = STRUCT.u64("mode");
  public static final U64 RESOLVE = STRUCT.u64("resolve");

  /** Bytes of the struct. */
  public static final long BYTES = STRUCT.size();

  public static final long RESOLVE_NO_XDEV = 0x01;
  public static final long RESOLVE_NO_MAGICLINKS = 0x02;
  public static final long RESOLVE_NO_SYMLINKS = 0x04;
  public static final long RESOLVE_BENEATH = 0x08;
  public static final long RESOLVE_IN_ROOT = 0x10;
  public static final long RESOLVE_CACHED = 0x20;

  private OpenHow() {}
}
