package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.Struct;

/** One name of a READDIRPLUS answer ({@code fuse_direntplus}). */
public final class DirentPlus {
  public static final Struct STRUCT = Struct.named("fuse_direntplus");

  public static final Embedded ENTRY_OUT = STRUCT.embed("entry_out", EntryOut.STRUCT);
  public static final Embedded DIRENT = STRUCT.embed("dirent", Dirent.STRUCT);

  private DirentPlus() {}
}
