package io.fusewire.linux.sys;

/** Flags of sync_file_range(2). */
public final class SyncRange {
  public static final int WAIT_BEFORE = 1;
  public static final int WRITE = 2;
  public static final int WAIT_AFTER = 4;

  private SyncRange() {}
}
