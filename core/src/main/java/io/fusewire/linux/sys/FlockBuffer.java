package io.fusewire.linux.sys;

import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.I64;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;

/** A record lock for fcntl(2) ({@code struct flock}). */
public final class FlockBuffer {
  public static final Struct STRUCT = Struct.named("flock");
  public static final U16 TYPE = STRUCT.u16("l_type");
  public static final U16 WHENCE = STRUCT.u16("l_whence");
  public static final I64 START = STRUCT.i64("l_start");
  public static final I64 LENGTH = STRUCT.i64("l_len");
  public static final I32 PID = STRUCT.i32("l_pid");

  /** Bytes of the struct. */
  public static final long BYTES = STRUCT.size();

  private FlockBuffer() {}
}
