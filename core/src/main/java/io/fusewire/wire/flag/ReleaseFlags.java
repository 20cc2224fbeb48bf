package io.fusewire.wire.flag;

/** Flags of RELEASE. */
public final class ReleaseFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_RELEASE_");
  public static final int FLUSH = SET.flag("FLUSH", 1);
  public static final int FLOCK_UNLOCK = SET.flag("FLOCK_UNLOCK", 2);

  private ReleaseFlags() {}
}
