package io.fusewire.wire.flag;

/** Flags of GETLK, SETLK and SETLKW. */
public final class LockFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_LK_");
  public static final int FLOCK = SET.flag("FLOCK", 1);

  private LockFlags() {}
}
