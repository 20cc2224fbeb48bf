package io.fusewire.wire.flag;

/** Flags of FSYNC and FSYNCDIR. */
public final class FsyncFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_FSYNC_");
  public static final int FDATASYNC = SET.flag("FDATASYNC", 1);

  private FsyncFlags() {}
}
