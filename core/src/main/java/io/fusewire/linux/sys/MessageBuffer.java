package io.fusewire.linux.sys;

import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** A message for sendmsg(2) and recvmsg(2) ({@code struct msghdr}). */
public final class MessageBuffer {
  public static final Struct STRUCT = Struct.named("msghdr");
  public static final U64 NAME = STRUCT.u64("msg_name");
  public static final U32 NAME_LENGTH = STRUCT.u32("msg_namelen");
  public static final U64 VECTORS = STRUCT.u64("msg_iov");
  public static final U64 VECTOR_COUNT = STRUCT.u64("msg_iovlen");
  public static final U64 CONTROL = STRUCT.u64("msg_control");
  public static final U64 CONTROL_LENGTH = STRUCT.u64("msg_controllen");
  public static final I32 FLAGS = STRUCT.i32("msg_flags");

  /** Bytes of the struct. */
  public static final long BYTES = STRUCT.size();

  private MessageBuffer() {}
}
