package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** The handshake of a character device in user space (CUSE_INIT). */
public final class CuseStructs {
  /** The kernel's offer. */
  public static final Struct IN = Struct.named("cuse_init_in");

  public static final U32 IN_MAJOR = IN.u32("major");
  public static final U32 IN_MINOR = IN.u32("minor");

  static {
    IN.u32("unused");
  }

  public static final U32 IN_FLAGS = IN.u32("flags");

  /** The server's answer; {@code KEY=value} texts of the device follow. */
  public static final Struct OUT = Struct.named("cuse_init_out");

  public static final U32 OUT_MAJOR = OUT.u32("major");
  public static final U32 OUT_MINOR = OUT.u32("minor");

  static {
    OUT.u32("unused");
  }

  public static final U32 OUT_FLAGS = OUT.u32("flags");
  public static final U32 OUT_MAX_READ = OUT.u32("max_read");
  public static final U32 OUT_MAX_WRITE = OUT.u32("max_write");
  public static final U32 OUT_DEV_MAJOR = OUT.u32("dev_major");
  public static final U32 OUT_DEV_MINOR = OUT.u32("dev_minor");

  static {
    OUT.reserved("spare", Integer.BYTES, 10);
  }

  private CuseStructs() {}
}
