package io.fusewire.linux.sys;

/** Where lseek(2) counts from. */
public final class Seek {
  public static final int SET = 0;
  public static final int CUR = 1;
  public static final int END = 2;

  /** To the next byte that is stored. */
  public static final int DATA = 3;

  /** To the next byte that is not stored. */
  public static final int HOLE = 4;

  private Seek() {}
}
