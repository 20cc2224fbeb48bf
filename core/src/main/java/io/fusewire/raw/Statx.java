package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;
import io.fusewire.wire.struct.StatxStruct;
import java.lang.foreign.MemorySegment;

/** STATX: the attributes of a node with its time of birth. */
public final class Statx {
  private static final Struct IN = Struct.named("fuse_statx_in");
  private static final U32 GETATTR_FLAGS = IN.u32("getattr_flags");

  static {
    IN.u32("reserved");
  }

  private static final U64 FH = IN.u64("fh");
  private static final U32 SX_FLAGS = IN.u32("sx_flags");
  private static final U32 SX_MASK = IN.u32("sx_mask");

  private static final Struct OUT = Struct.named("fuse_statx_out");
  private static final U64 ATTR_VALID = OUT.u64("attr_valid");
  private static final U32 ATTR_VALID_NSEC = OUT.u32("attr_valid_nsec");
  private static final U32 FLAGS = OUT.u32("flags");

  static {
    OUT.reserved("spare", Long.BYTES, 2);
  }

  private static final Embedded STAT = OUT.embed("stat", StatxStruct.STRUCT);
  static final int OUT_BYTES = (int) OUT.size();

  static final Operation OPERATION =
      Operation.of(Opcode.STATX, Request::new, StatxReply::new)
          .arguments(IN)
          .readsNode()
          .serve((fileSystem, request, reply) -> fileSystem.statx(request, reply));

  private Statx() {}

  static void write(Attributes attributes, ReplySink sink) {
    MemorySegment memory = sink.result();
    long base = sink.resultOffset();
    AttributeWriter.zero(memory, base, OUT_BYTES);
    FLAGS.set(memory, base, attributes.flags());
    AttributeWriter.statx(attributes, memory, base + STAT.offset(), sink.policy());
  }

  static void writeBirth(long birth, int birthNanos, ReplySink sink) {
    long time = sink.resultOffset() + STAT.offset() + StatxStruct.BTIME.offset();
    AttributeWriter.time(sink.result(), time, birth, birthNanos);
  }

  static void writeValid(long validNanos, ReplySink sink) {
    ATTR_VALID.set(sink.result(), sink.resultOffset(), validNanos / Timeouts.SECOND);
    ATTR_VALID_NSEC.set(sink.result(), sink.resultOffset(), (int) (validNanos % Timeouts.SECOND));
  }

  /** What STATX asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** Flags of {@link io.fusewire.wire.flag.GetattrFlags}. */
    public int flags() {
      return GETATTR_FLAGS.get(head, arguments);
    }

    /** The open file it was asked through, with the FH flag. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** The caller's flags of statx(2). */
    public int statxFlags() {
      return SX_FLAGS.get(head, arguments);
    }

    /** The fields the caller wants: STATX_* of statx(2). */
    public int mask() {
      return SX_MASK.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" mask=0x").append(Integer.toHexString(mask()));
    }
  }

  /** Serves STATX. */
  public interface Handler {
    /** Gives attributes with the time of birth. Default: ENOSYS, and the kernel uses GETATTR. */
    default void statx(Request request, StatxReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
