package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** A byte range lock ({@code fuse_file_lock}); the range includes both ends. */
public final class FileLock {
  public static final Struct STRUCT = Struct.named("fuse_file_lock");
  public static final U64 START = STRUCT.u64("start");
  public static final U64 END = STRUCT.u64("end");
  public static final U32 TYPE = STRUCT.u32("type");
  public static final U32 PID = STRUCT.u32("pid");

  private FileLock() {}
}
