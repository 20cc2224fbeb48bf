package io.fusewire.wire.flag;

/** Flags of READ. */
public final class ReadFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_READ_");
  public static final int LOCKOWNER = SET.flag("LOCKOWNER", 2);

  private ReadFlags() {}
}
