package io.fusewire.wire.flag;

/** Flags of GETATTR and STATX. */
public final class GetattrFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_GETATTR_");
  public static final int FH = SET.flag("FH", 1);

  private GetattrFlags() {}
}
