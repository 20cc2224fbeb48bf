package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;
import io.fusewire.wire.layout.U32;

/** The handshake: what the kernel offers and what the server answers. */
public final class InitStructs {
  /** The kernel's offer ({@code fuse_init_in}). */
  public static final Struct IN = Struct.named("fuse_init_in");

  public static final U32 IN_MAJOR = IN.u32("major");
  public static final U32 IN_MINOR = IN.u32("minor");
  public static final U32 IN_MAX_READAHEAD = IN.u32("max_readahead");
  public static final U32 IN_FLAGS = IN.u32("flags");
  public static final U32 IN_FLAGS2 = IN.u32("flags2");

  static {
    IN.reserved("unused", Integer.BYTES, 11);
  }

  /** Bytes of the offer of kernels before 7.36, which end before flags2. */
  public static final int IN_BYTES_SHORT = (int) IN_FLAGS2.offset();

  /** The server's answer ({@code fuse_init_out}). */
  public static final Struct OUT = Struct.named("fuse_init_out");

  public static final U32 OUT_MAJOR = OUT.u32("major");
  public static final U32 OUT_MINOR = OUT.u32("minor");
  public static final U32 OUT_MAX_READAHEAD = OUT.u32("max_readahead");
  public static final U32 OUT_FLAGS = OUT.u32("flags");
  public static final U16 OUT_MAX_BACKGROUND = OUT.u16("max_background");
  public static final U16 OUT_CONGESTION_THRESHOLD = OUT.u16("congestion_threshold");
  public static final U32 OUT_MAX_WRITE = OUT.u32("max_write");
  public static final U32 OUT_TIME_GRAN = OUT.u32("time_gran");
  public static final U16 OUT_MAX_PAGES = OUT.u16("max_pages");
  public static final U16 OUT_MAP_ALIGNMENT = OUT.u16("map_alignment");
  public static final U32 OUT_FLAGS2 = OUT.u32("flags2");
  public static final U32 OUT_MAX_STACK_DEPTH = OUT.u32("max_stack_depth");
  public static final U16 OUT_REQUEST_TIMEOUT = OUT.u16("request_timeout");

  static {
    OUT.reserved("unused", Short.BYTES, 11);
  }

  private InitStructs() {}
}
