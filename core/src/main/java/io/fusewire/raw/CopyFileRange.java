package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U64;

/** COPY_FILE_RANGE and COPY_FILE_RANGE_64: copies between two open files. */
public final class CopyFileRange {
  private static final Struct IN = Struct.named("fuse_copy_file_range_in");
  private static final U64 FH_IN = IN.u64("fh_in");
  private static final U64 OFF_IN = IN.u64("off_in");
  private static final U64 NODEID_OUT = IN.u64("nodeid_out");
  private static final U64 FH_OUT = IN.u64("fh_out");
  private static final U64 OFF_OUT = IN.u64("off_out");
  private static final U64 LEN = IN.u64("len");
  private static final U64 FLAGS = IN.u64("flags");

  private static final Struct OUT = Struct.named("fuse_copy_file_range_out");
  static final U64 OUT_BYTES_COPIED = OUT.u64("bytes_copied");
  static final int OUT_BYTES = (int) OUT.size();

  static final Operation OPERATION =
      Operation.of(Opcode.COPY_FILE_RANGE, Request::new, CopyReply::new)
          .arguments(IN)
          .urgency(RequestClass.FOREGROUND)
          .ordered(CopyFileRange::keys)
          .serve((fileSystem, request, reply) -> fileSystem.copyFileRange(request, reply));

  static final Operation OPERATION_64 =
      Operation.of(Opcode.COPY_FILE_RANGE_64, Request::new, CopyReply::new)
          .arguments(IN)
          .urgency(RequestClass.FOREGROUND)
          .ordered(CopyFileRange::keys)
          .serve((fileSystem, request, reply) -> fileSystem.copyFileRange(request, reply));

  private CopyFileRange() {}

  private static void keys(Request request, OrderKeys keys) {
    keys.exclusive(request.targetNodeId());
    if (request.targetNodeId() != request.nodeId()) {
      keys.shared(request.nodeId());
    }
  }

  /** What COPY_FILE_RANGE asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The open file to read. */
    public long fileHandle() {
      return FH_IN.get(head, arguments);
    }

    /** Where to read, bytes from the start. */
    public long offset() {
      return OFF_IN.get(head, arguments);
    }

    /** The node to write. */
    public long targetNodeId() {
      return NODEID_OUT.get(head, arguments);
    }

    /** The open file to write. */
    public long targetFileHandle() {
      return FH_OUT.get(head, arguments);
    }

    /** Where to write, bytes from the start. */
    public long targetOffset() {
      return OFF_OUT.get(head, arguments);
    }

    /** Bytes to copy. */
    public long length() {
      return LEN.get(head, arguments);
    }

    /** 0 today. */
    public long flags() {
      return FLAGS.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" fileHandle=").append(fileHandle());
      text.append(" offset=").append(offset());
      text.append(" targetNodeId=").append(targetNodeId());
      text.append(" targetFileHandle=").append(targetFileHandle());
      text.append(" targetOffset=").append(targetOffset());
      text.append(" length=").append(length());
      text.append(" flags=").append(flags());
    }
  }

  /** Serves COPY_FILE_RANGE. */
  public interface Handler {
    /**
     * Copies bytes from {@link Request#nodeId} to another node (copy_file_range(2)). Default:
     * ENOSYS, and the kernel copies by reading and writing.
     */
    default void copyFileRange(Request request, CopyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
