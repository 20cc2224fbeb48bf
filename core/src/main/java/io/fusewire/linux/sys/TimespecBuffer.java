package io.fusewire.linux.sys;

import io.fusewire.wire.layout.I64;
import io.fusewire.wire.layout.Struct;

/** A time in seconds and nanoseconds ({@code struct timespec}). */
public final class TimespecBuffer {
  public static final Struct STRUCT = Struct.named("timespec");
  public static final I64 SECONDS = STRUCT.i64("tv_sec");
  public static final I64 NANOS = STRUCT.i64("tv_nsec");

  /** Bytes of the struct. */
  public static final long BYTES = STRUCT.size();

  /** As nanoseconds for utimensat(2): the current time. */
  public static final long UTIME_NOW = 0x3fffffff;

  /** As nanoseconds for utimensat(2): this time stays as it is. */
  public static final long UTIME_OMIT = 0x3ffffffe;

  private TimespecBuffer() {}
}
