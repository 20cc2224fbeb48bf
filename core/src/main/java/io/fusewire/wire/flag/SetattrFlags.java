package io.fusewire.wire.flag;

/** Which attributes SETATTR changes ({@code FATTR_*}). */
public final class SetattrFlags {
  public static final FlagSet SET = FlagSet.named("FATTR_");
  public static final int MODE = SET.flag("MODE", 1);
  public static final int UID = SET.flag("UID", 2);
  public static final int GID = SET.flag("GID", 4);
  public static final int SIZE = SET.flag("SIZE", 8);
  public static final int ATIME = SET.flag("ATIME", 0x10);
  public static final int MTIME = SET.flag("MTIME", 0x20);
  public static final int FH = SET.flag("FH", 0x40);
  public static final int ATIME_NOW = SET.flag("ATIME_NOW", 0x80);
  public static final int MTIME_NOW = SET.flag("MTIME_NOW", 0x100);
  public static final int LOCKOWNER = SET.flag("LOCKOWNER", 0x200);
  public static final int CTIME = SET.flag("CTIME", 0x400);
  public static final int KILL_SUIDGID = SET.flag("KILL_SUIDGID", 0x800);

  private SetattrFlags() {}
}
