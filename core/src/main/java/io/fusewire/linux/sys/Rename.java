package io.fusewire.linux.sys;

/** Flags of renameat2(2). */
public final class Rename {
  public static final int NOREPLACE = 1;
  public static final int EXCHANGE = 2;
  public static final int WHITEOUT = 4;

  private Rename() {}
}
