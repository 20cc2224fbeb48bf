package io.fusewire.wire.struct;

import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.Reserved;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** The memory that the server shares with the kernel when requests come through io_uring. */
public final class UringStructs {
  /** The state of a ring entry. */
  public static final Struct ENTRY = Struct.named("fuse_uring_ent_in_out");

  public static final U64 ENTRY_FLAGS = ENTRY.u64("flags");

  /** Names the request in the command that answers it. */
  public static final U64 ENTRY_COMMIT_ID = ENTRY.u64("commit_id");

  /** Bytes of the payload, which lies in a buffer of its own. */
  public static final U32 ENTRY_PAYLOAD_SZ = ENTRY.u32("payload_sz");

  static {
    ENTRY.u32("padding");
  }

  static {
    ENTRY.u64("reserved");
  }

  /** The headers of a request and its reply. */
  public static final Struct HEADERS = Struct.named("fuse_uring_req_header");

  /** {@link InHeader} on arrival, {@link OutHeader} in the answer. */
  public static final Reserved HEADERS_IN_OUT = HEADERS.reserved("in_out", 1, 128);

  /** The struct of the opcode. */
  public static final Reserved HEADERS_OP_IN = HEADERS.reserved("op_in", 1, 128);

  public static final Embedded HEADERS_RING_ENT_IN_OUT = HEADERS.embed("ring_ent_in_out", ENTRY);

  /** The FUSE part of a submission queue entry. */
  public static final Struct COMMAND = Struct.named("fuse_uring_cmd_req");

  public static final U64 COMMAND_FLAGS = COMMAND.u64("flags");
  public static final U64 COMMAND_COMMIT_ID = COMMAND.u64("commit_id");
  public static final U16 COMMAND_QID = COMMAND.u16("qid");

  static {
    COMMAND.reserved("padding", 1, 6);
  }

  private UringStructs() {}
}
