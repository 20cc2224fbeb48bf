package io.fusewire.linux.sys;

/** Operations of flock(2) ({@code LOCK_*}) and types of record locks ({@code F_*LCK}). */
public final class Lock {
  public static final int LOCK_SH = 1;
  public static final int LOCK_EX = 2;
  public static final int LOCK_NB = 4;
  public static final int LOCK_UN = 8;
  public static final int F_RDLCK = 0;
  public static final int F_WRLCK = 1;
  public static final int F_UNLCK = 2;

  private Lock() {}
}
