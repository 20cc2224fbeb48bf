package io.fusewire.linux.sys;

import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;

/** A descriptor to wait for with poll(2) ({@code struct pollfd}). */
public final class PollBuffer {
  public static final Struct STRUCT = Struct.named("pollfd");
  public static final I32 FD = STRUCT.i32("fd");
  public static final U16 EVENTS = STRUCT.u16("events");
  public static final U16 REVENTS = STRUCT.u16("revents");

  /** Bytes of the struct. */
  public static final long BYTES = STRUCT.size();

  public static final int POLLIN = 0x01;
  public static final int POLLPRI = 0x02;
  public static final int POLLOUT = 0x04;
  public static final int POLLERR = 0x08;
  public static final int POLLHUP = 0x10;
  public static final int POLLNVAL = 0x20;

  private PollBuffer() {}
}
