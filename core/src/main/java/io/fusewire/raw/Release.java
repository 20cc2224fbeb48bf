package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** RELEASE: the last use of an open file ended. */
public final class Release {
  private static final Struct IN = Struct.named("fuse_release_in");
  private static final U64 FH = IN.u64("fh");
  private static final U32 FLAGS = IN.u32("flags");
  private static final U32 RELEASE_FLAGS = IN.u32("release_flags");
  private static final U64 LOCK_OWNER = IN.u64("lock_owner");

  static final Operation OPERATION =
      Operation.of(Opcode.RELEASE, Request::new, EmptyReply::new)
          .arguments(IN)
          .changesNode()
          .lastUse()
          .serve((fileSystem, request, reply) -> fileSystem.release(request, reply));

  private Release() {}

  /** Writes the handle into the arguments of a RELEASE, or RELEASEDIR, that the library makes. */
  static void setFileHandle(Frame frame, long fileHandle) {
    FH.set(frame.head(), frame.arguments(), fileHandle);
  }

  /** Writes the flags of open(2) into the arguments of a RELEASE that the library makes. */
  static void setOpenFlags(Frame frame, int flags) {
    FLAGS.set(frame.head(), frame.arguments(), flags);
  }

  /** What RELEASE asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** What OPEN answered. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** The file's flags of open(2), as they were last. */
    public int openFlags() {
      return FLAGS.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.ReleaseFlags}. */
    public int flags() {
      return RELEASE_FLAGS.get(head, arguments);
    }

    /** The owner whose locks end, with a flag. */
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

  /** Serves RELEASE. */
  public interface Handler {
    /**
     * Closes an open file; sent once for each answered OPEN, and its error reaches nobody. Default:
     * done.
     */
    default void release(Request request, EmptyReply reply) {
      reply.ok();
    }
  }
}
