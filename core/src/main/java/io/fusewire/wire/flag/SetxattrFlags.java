package io.fusewire.wire.flag;

/** Flags of SETXATTR beside the caller's own. */
public final class SetxattrFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_SETXATTR_");
  public static final int ACL_KILL_SGID = SET.flag("ACL_KILL_SGID", 1);

  private SetxattrFlags() {}
}
