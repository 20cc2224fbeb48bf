package io.fusewire.wire.flag;

/** How the kernel treats an open file ({@code FOPEN_*}). */
public final class OpenFlags {
  public static final FlagSet SET = FlagSet.named("FOPEN_");

  /** Reads and writes bypass the page cache. */
  public static final int DIRECT_IO = SET.flag("DIRECT_IO", 1);

  /** Cached pages survive this open. */
  public static final int KEEP_CACHE = SET.flag("KEEP_CACHE", 2);

  public static final int NONSEEKABLE = SET.flag("NONSEEKABLE", 4);

  /** The kernel caches this directory's names. */
  public static final int CACHE_DIR = SET.flag("CACHE_DIR", 8);

  public static final int STREAM = SET.flag("STREAM", 0x10);

  /** No FLUSH at close, unless the writeback cache is on. */
  public static final int NOFLUSH = SET.flag("NOFLUSH", 0x20);

  /** Direct writes of one file may run at the same time; counts only with DIRECT_IO. */
  public static final int PARALLEL_DIRECT_WRITES = SET.flag("PARALLEL_DIRECT_WRITES", 0x40);

  public static final int PASSTHROUGH = SET.flag("PASSTHROUGH", 0x80);

  private OpenFlags() {}
}
