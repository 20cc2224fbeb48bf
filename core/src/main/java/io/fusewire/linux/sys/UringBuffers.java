package io.fusewire.linux.sys;

import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U16;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;
import io.fusewire.wire.layout.U8;

/** The structs of io_uring(7), from {@code linux/io_uring.h}. */
public final class UringBuffers {
  /** Where the parts of the submission ring lie. */
  public static final Struct SQ_OFFSETS = Struct.named("io_sqring_offsets");

  public static final U32 SQ_HEAD = SQ_OFFSETS.u32("head");
  public static final U32 SQ_TAIL = SQ_OFFSETS.u32("tail");
  public static final U32 SQ_MASK = SQ_OFFSETS.u32("ring_mask");

  static {
    SQ_OFFSETS.u32("ring_entries");
    SQ_OFFSETS.u32("flags");
    SQ_OFFSETS.u32("dropped");
  }

  public static final U32 SQ_ARRAY = SQ_OFFSETS.u32("array");

  static {
    SQ_OFFSETS.u32("resv1");
    SQ_OFFSETS.u64("user_addr");
  }

  /** Where the parts of the completion ring lie. */
  public static final Struct CQ_OFFSETS = Struct.named("io_cqring_offsets");

  public static final U32 CQ_HEAD = CQ_OFFSETS.u32("head");
  public static final U32 CQ_TAIL = CQ_OFFSETS.u32("tail");
  public static final U32 CQ_MASK = CQ_OFFSETS.u32("ring_mask");

  static {
    CQ_OFFSETS.u32("ring_entries");
    CQ_OFFSETS.u32("overflow");
  }

  public static final U32 CQ_CQES = CQ_OFFSETS.u32("cqes");

  static {
    CQ_OFFSETS.u32("flags");
    CQ_OFFSETS.u32("resv1");
    CQ_OFFSETS.u64("user_addr");
  }

  /** What a ring is made with, and what it became. */
  public static final Struct PARAMS = Struct.named("io_uring_params");

  public static final U32 PARAMS_SQ_ENTRIES = PARAMS.u32("sq_entries");
  public static final U32 PARAMS_CQ_ENTRIES = PARAMS.u32("cq_entries");
  public static final U32 PARAMS_FLAGS = PARAMS.u32("flags");

  static {
    PARAMS.u32("sq_thread_cpu");
    PARAMS.u32("sq_thread_idle");
  }

  public static final U32 PARAMS_FEATURES = PARAMS.u32("features");

  static {
    PARAMS.u32("wq_fd");
    PARAMS.reserved("resv", Integer.BYTES, 3);
  }

  public static final Embedded PARAMS_SQ = PARAMS.embed("sq_off", SQ_OFFSETS);
  public static final Embedded PARAMS_CQ = PARAMS.embed("cq_off", CQ_OFFSETS);

  /** A submission with room for a command ({@code struct io_uring_sqe} under SQE128). */
  public static final Struct SQE = Struct.named("io_uring_sqe");

  public static final U8 SQE_OPCODE = SQE.u8("opcode");
  public static final U8 SQE_FLAGS = SQE.u8("flags");
  public static final U16 SQE_IOPRIO = SQE.u16("ioprio");
  public static final I32 SQE_FD = SQE.i32("fd");

  /** The command of a URING_CMD with its padding; the offset of anything else. */
  public static final U64 SQE_COMMAND = SQE.u64("off");

  public static final U64 SQE_ADDRESS = SQE.u64("addr");
  public static final U32 SQE_LENGTH = SQE.u32("len");
  public static final U32 SQE_OPERATION_FLAGS = SQE.u32("rw_flags");
  public static final U64 SQE_USER_DATA = SQE.u64("user_data");
  public static final U64 SQE_BUFFER = SQE.u64("buf_index"); // and personality, file_index

  /** A flag of a submission: its descriptor is the place of a registered file. */
  public static final int SQE_FIXED_FILE = 1;

  /** Where the command's own struct starts, 80 bytes to the end. */
  public static final long SQE_ARGUMENTS = SQE.size();

  /** Bytes of a submission under SQE128. */
  public static final long SQE_BYTES = 128;

  /** A completion. */
  public static final Struct CQE = Struct.named("io_uring_cqe");

  public static final U64 CQE_USER_DATA = CQE.u64("user_data");
  public static final I32 CQE_RESULT = CQE.i32("res");

  static {
    CQE.u32("flags");
  }

  /** A descriptor to register ({@code struct io_uring_rsrc_update}). */
  public static final Struct UPDATE = Struct.named("io_uring_rsrc_update");

  public static final U32 UPDATE_OFFSET = UPDATE.u32("offset");

  static {
    UPDATE.u32("resv");
  }

  public static final U64 UPDATE_DATA = UPDATE.u64("data");

  private UringBuffers() {}
}
