package io.fusewire.wire.flag;

/** Flags of an attribute reply. */
public final class AttrFlags {
  public static final FlagSet SET = FlagSet.named("FUSE_ATTR_");
  public static final int SUBMOUNT = SET.flag("SUBMOUNT", 1);
  public static final int DAX = SET.flag("DAX", 2);

  private AttrFlags() {}
}
