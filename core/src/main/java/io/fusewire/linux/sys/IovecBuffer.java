package io.fusewire.linux.sys;

import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U64;

/** A piece of memory for readv(2) and writev(2) ({@code struct iovec}). */
public final class IovecBuffer {
  public static final Struct STRUCT = Struct.named("iovec");
  public static final U64 BASE = STRUCT.u64("iov_base");
  public static final U64 LENGTH = STRUCT.u64("iov_len");

  /** Bytes of the struct. */
  public static final long BYTES = STRUCT.size();

  private IovecBuffer() {}
}
