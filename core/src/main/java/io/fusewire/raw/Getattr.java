package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.GetattrFlags;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** GETATTR: the attributes of a node. */
public final class Getattr {
  private static final Struct IN = Struct.named("fuse_getattr_in");
  private static final U32 GETATTR_FLAGS = IN.u32("getattr_flags");

  static {
    IN.u32("dummy");
  }

  private static final U64 FH = IN.u64("fh");

  static final Operation OPERATION =
      Operation.of(Opcode.GETATTR, Request::new, AttrReply::new)
          .arguments(IN)
          .readsNode()
          .serve((fileSystem, request, reply) -> fileSystem.getattr(request, reply));

  private Getattr() {}

  /** What GETATTR asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** Flags of {@link io.fusewire.wire.flag.GetattrFlags}. */
    public int flags() {
      return GETATTR_FLAGS.get(head, arguments);
    }

    /** The open file it was asked through; valid with {@link #hasFileHandle}. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** True when the question came through an open file (fstat(2)). */
    public boolean hasFileHandle() {
      return (flags() & GetattrFlags.FH) != 0;
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" flags=").append(flags());
      text.append(" fileHandle=").append(fileHandle());
    }
  }

  /** Serves GETATTR. */
  public interface Handler {
    /** Gives a node's attributes (stat(2)). Default: ENOSYS. */
    default void getattr(Request request, AttrReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
