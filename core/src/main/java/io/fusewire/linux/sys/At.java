package io.fusewire.linux.sys;

/** Values for the calls that take a directory descriptor. */
public final class At {
  /** As a directory: the working directory. */
  public static final int FDCWD = -100;

  public static final int SYMLINK_NOFOLLOW = 0x100;
  public static final int REMOVEDIR = 0x200;
  public static final int EACCESS = 0x200;
  public static final int SYMLINK_FOLLOW = 0x400;
  public static final int NO_AUTOMOUNT = 0x800;
  public static final int EMPTY_PATH = 0x1000;

  /** For statx(2): asks the server even where the kernel has valid attributes. */
  public static final int STATX_FORCE_SYNC = 0x2000;

  /** For statx(2): takes what the kernel has, without asking the server. */
  public static final int STATX_DONT_SYNC = 0x4000;

  private At() {}
}
