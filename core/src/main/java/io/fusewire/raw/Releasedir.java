package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** RELEASEDIR: the last use of an open directory ended. */
public final class Releasedir {
  private static final Struct IN = Struct.named("fuse_release_in");
  private static final U64 FH = IN.u64("fh");
  private static final U32 FLAGS = IN.u32("flags");
  private static final U32 RELEASE_FLAGS = IN.u32("release_flags");
  private static final U64 LOCK_OWNER = IN.u64("lock_owner");

  static final Operation OPERATION =
      Operation.of(Opcode.RELEASEDIR, Request::new, EmptyReply::new)
          .arguments(IN)
          .changesNode()
          .lastUse()
          .serve((fileSystem, request, reply) -> fileSystem.releasedir(request, reply));

  private Releasedir() {}

  /** What RELEASEDIR asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** What OPENDIR answered. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** The directory's flags of open(2). */
    public int openFlags() {
      return FLAGS.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.ReleaseFlags}. */
    public int flags() {
      return RELEASE_FLAGS.get(head, arguments);
    }

    /** Unused for directories. */
    public long lockOwner() {
      return LOCK_OWNER.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" fileHandle=").append(fileHandle());
      text.append(" openFlags=").append(octal(openFlags()));
      text.append(" flags=").append(flags());
      text.append(" lockOwner=").append(lockOwner());
    }
  }

  /** Serves RELEASEDIR. */
  public interface Handler {
    /** Closes an open directory; sent once for each answered OPENDIR. Default: done. */
    default void releasedir(Request request, EmptyReply reply) {
      reply.ok();
    }
  }
}
