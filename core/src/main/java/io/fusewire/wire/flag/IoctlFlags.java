package io.fusewire.wire.flag;

/** Flags of IOCTL. */
public final class IoctlFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_IOCTL_");
  public static final int COMPAT = SET.flag("COMPAT", 1);
  public static final int UNRESTRICTED = SET.flag("UNRESTRICTED", 2);
  public static final int RETRY = SET.flag("RETRY", 4);
  public static final int BITS_32 = SET.flag("32BIT", 8);
  public static final int DIR = SET.flag("DIR", 0x10);
  public static final int COMPAT_X32 = SET.flag("COMPAT_X32", 0x20);

  private IoctlFlags() {}
}
