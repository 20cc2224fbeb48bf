package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U64;

/** FLUSH: a descriptor of an open file was closed. */
public final class Flush {
  private static final Struct IN = Struct.named("fuse_flush_in");
  private static final U64 FH = IN.u64("fh");

  static {
    IN.u32("unused");
  }

  static {
    IN.u32("padding");
  }

  private static final U64 LOCK_OWNER = IN.u64("lock_owner");

  static final Operation OPERATION =
      Operation.of(Opcode.FLUSH, Request::new, EmptyReply::new)
          .arguments(IN)
          .changesNode()
          .serve((fileSystem, request, reply) -> fileSystem.flush(request, reply));

  private Flush() {}

  /** What FLUSH asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The open file. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** The owner whose POSIX locks end. */
    public long lockOwner() {
      return LOCK_OWNER.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" fileHandle=").append(fileHandle());
      text.append(" lockOwner=").append(lockOwner());
    }
  }

  /** Serves FLUSH. */
  public interface Handler {
    /**
     * Reports late write errors to close(2) and ends the owner's POSIX locks; sent for every close
     * of every duplicate. Default: ENOSYS, and the kernel asks no more.
     */
    default void flush(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
