package io.fusewire.linux.sys;

/** Commands of fcntl(2); the lock commands take a {@link FlockBuffer}. */
public final class Fcntl {
  public static final int DUPFD = 0;
  public static final int GETFD = 1;
  public static final int SETFD = 2;
  public static final int GETFL = 3;
  public static final int SETFL = 4;
  public static final int GETLK = 5;
  public static final int SETLK = 6;
  public static final int SETLKW = 7;
  public static final int OFD_GETLK = 36;
  public static final int OFD_SETLK = 37;
  public static final int OFD_SETLKW = 38;
  public static final int DUPFD_CLOEXEC = 1030;
  public static final int SETPIPE_SZ = 1031;
  public static final int GETPIPE_SZ = 1032;

  /** For {@link #SETFD}: the descriptor is closed in programs that are started. */
  public static final int CLOEXEC = 1;

  private Fcntl() {}
}
