package io.fusewire.wire.flag;

/** Flags of RENAME2 (renameat2(2)). */
public final class RenameFlags {
  public static final FlagSet SET = FlagSet.named("RENAME_");
  public static final int NOREPLACE = SET.flag("NOREPLACE", 1);
  public static final int EXCHANGE = SET.flag("EXCHANGE", 2);
  public static final int WHITEOUT = SET.flag("WHITEOUT", 4);

  private RenameFlags() {}
}
