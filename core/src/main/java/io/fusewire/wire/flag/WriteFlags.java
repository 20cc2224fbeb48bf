package io.fusewire.wire.flag;

/** Flags of WRITE. */
public final class WriteFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_WRITE_");

  /** A delayed write from the page cache; the file handle is a guess. */
  public static final int CACHE = SET.flag("CACHE", 1);

  public static final int LOCKOWNER = SET.flag("LOCKOWNER", 2);
  public static final int KILL_SUIDGID = SET.flag("KILL_SUIDGID", 4);

  private WriteFlags() {}
}
