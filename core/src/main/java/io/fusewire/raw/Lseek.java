package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** LSEEK: the next data or hole of a file. */
public final class Lseek {
  private static final Struct IN = Struct.named("fuse_lseek_in");
  private static final U64 FH = IN.u64("fh");
  private static final U64 OFFSET = IN.u64("offset");
  private static final U32 WHENCE = IN.u32("whence");

  static {
    IN.u32("padding");
  }

  private static final Struct OUT = Struct.named("fuse_lseek_out");
  static final U64 OUT_OFFSET = OUT.u64("offset");
  static final int OUT_BYTES = (int) OUT.size();

  static final Operation OPERATION =
      Operation.of(Opcode.LSEEK, Request::new, LseekReply::new)
          .arguments(IN)
          .urgency(RequestClass.FOREGROUND)
          .readsNode()
          .serve((fileSystem, request, reply) -> fileSystem.lseek(request, reply));

  private Lseek() {}

  /** What LSEEK asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The open file. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** Where to start looking, bytes from the start. */
    public long offset() {
      return OFFSET.get(head, arguments);
    }

    /** SEEK_DATA 3 or SEEK_HOLE 4. */
    public int whence() {
      return WHENCE.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" fileHandle=").append(fileHandle());
      text.append(" offset=").append(offset());
      text.append(" whence=").append(whence());
    }
  }

  /** Serves LSEEK. */
  public interface Handler {
    /**
     * Finds SEEK_DATA or SEEK_HOLE (lseek(2)); ENXIO behind the end. ENOSYS, the default, means one
     * piece of data.
     */
    default void lseek(Request request, LseekReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
