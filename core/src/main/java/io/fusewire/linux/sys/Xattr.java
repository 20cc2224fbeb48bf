package io.fusewire.linux.sys;

/** Flags of setxattr(2). */
public final class Xattr {
  public static final int CREATE = 1;
  public static final int REPLACE = 2;

  private Xattr() {}
}
