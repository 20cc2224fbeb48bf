package io.fusewire.wire.flag;

/** Flags of the INVAL_ENTRY notification. */
public final class ExpireFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_");
  public static final int EXPIRE_ONLY = SET.flag("EXPIRE_ONLY", 1);

  private ExpireFlags() {}
}
