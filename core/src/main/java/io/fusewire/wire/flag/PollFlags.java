package io.fusewire.wire.flag;

/** Flags of POLL. */
public final class PollFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_POLL_");
  public static final int SCHEDULE_NOTIFY = SET.flag("SCHEDULE_NOTIFY", 1);

  private PollFlags() {}
}
