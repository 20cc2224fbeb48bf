package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** FALLOCATE: allocates or frees space of a file. */
public final class Fallocate {
  private static final Struct IN = Struct.named("fuse_fallocate_in");
  private static final U64 FH = IN.u64("fh");
  private static final U64 OFFSET = IN.u64("offset");
  private static final U64 LENGTH = IN.u64("length");
  private static final U32 MODE = IN.u32("mode");

  static {
    IN.u32("padding");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.FALLOCATE, Request::new, EmptyReply::new)
          .arguments(IN)
          .urgency(RequestClass.FOREGROUND)
          .changesNode()
          .serve((fileSystem, request, reply) -> fileSystem.fallocate(request, reply));

  private Fallocate() {}

  /** What FALLOCATE asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The open file. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** Bytes from the start of the file. */
    public long offset() {
      return OFFSET.get(head, arguments);
    }

    /** Bytes of the range. */
    public long length() {
      return LENGTH.get(head, arguments);
    }

    /** Flags FALLOC_FL_* of fallocate(2). */
    public int mode() {
      return MODE.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" fileHandle=").append(fileHandle());
      text.append(" offset=").append(offset());
      text.append(" length=").append(length());
      text.append(" mode=").append(mode());
    }
  }

  /** Serves FALLOCATE. */
  public interface Handler {
    /**
     * Does fallocate(2); EOPNOTSUPP for a mode that is not supported. ENOSYS, the default, makes
     * the kernel ask no more.
     */
    default void fallocate(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
