package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.FsyncFlags;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** FSYNC: makes a file safe. */
public final class Fsync {
  private static final Struct IN = Struct.named("fuse_fsync_in");
  private static final U64 FH = IN.u64("fh");
  private static final U32 FSYNC_FLAGS = IN.u32("fsync_flags");

  static {
    IN.u32("padding");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.FSYNC, Request::new, EmptyReply::new)
          .arguments(IN)
          .urgency(RequestClass.FOREGROUND)
          .sync()
          .changesNode()
          .serve((fileSystem, request, reply) -> fileSystem.fsync(request, reply));

  private Fsync() {}

  /** What FSYNC asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The open file. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.FsyncFlags}. */
    public int flags() {
      return FSYNC_FLAGS.get(head, arguments);
    }

    /** True when only the data must be safe, not the attributes (fdatasync(2)). */
    public boolean dataOnly() {
      return (flags() & FsyncFlags.FDATASYNC) != 0;
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" fileHandle=").append(fileHandle());
      text.append(" flags=").append(flags());
    }
  }

  /** Serves FSYNC. */
  public interface Handler {
    /**
     * Returns when all that was written survives a crash. Default: done, for what keeps nothing
     * back.
     */
    default void fsync(Request request, EmptyReply reply) {
      reply.ok();
    }
  }
}
