package io.fusewire.linux.sys;

/** Flags of open(2); some differ between processor architectures. */
public final class Open {
  private static final boolean ARM = Architecture.isArm();

  public static final int RDONLY = 0;
  public static final int WRONLY = 1;
  public static final int RDWR = 2;

  /** The bits that hold one of the three access modes. */
  public static final int ACCMODE = 3;

  public static final int CREAT = 0100;
  public static final int EXCL = 0200;
  public static final int NOCTTY = 0400;
  public static final int TRUNC = 01000;
  public static final int APPEND = 02000;
  public static final int NONBLOCK = 04000;
  public static final int DSYNC = 010000;
  public static final int SYNC = 04010000;
  public static final int DIRECT = ARM ? 0200000 : 040000;
  public static final int DIRECTORY = ARM ? 040000 : 0200000;

  /** The kernel's own value, as it comes with FUSE requests; 0 in the C library's headers. */
  public static final int LARGEFILE = ARM ? 0400000 : 0100000;

  public static final int NOFOLLOW = ARM ? 0100000 : 0400000;
  public static final int NOATIME = 01000000;
  public static final int CLOEXEC = 02000000;
  public static final int PATH = 010000000;
  public static final int TMPFILE = 020000000 | DIRECTORY;

  private Open() {}
}
