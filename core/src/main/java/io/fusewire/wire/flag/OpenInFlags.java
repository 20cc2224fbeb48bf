package io.fusewire.wire.flag;

/** Flags of OPEN and CREATE beside the caller's own. */
public final class OpenInFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_OPEN_");
  public static final int KILL_SUIDGID = SET.flag("KILL_SUIDGID", 1);

  private OpenInFlags() {}
}
