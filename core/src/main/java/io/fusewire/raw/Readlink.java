package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;

/** READLINK: the target of a symbolic link. */
public final class Readlink {
  static final Operation OPERATION =
      Operation.of(Opcode.READLINK, Request::new, DataReply::new)
          .readsNode()
          .serve((fileSystem, request, reply) -> fileSystem.readlink(request, reply));

  /** The longest target, in bytes. */
  private static final int TARGET_MAX = 4095;

  private Readlink() {}

  /** What READLINK asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    @Override
    public long replyBytes() {
      return TARGET_MAX;
    }
  }

  /** Serves READLINK. */
  public interface Handler {
    /** Gives the target's bytes without a NUL. Default: ENOSYS. */
    default void readlink(Request request, DataReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
