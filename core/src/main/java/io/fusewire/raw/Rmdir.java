package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;

/** RMDIR: removes an empty directory. */
public final class Rmdir {
  static final Operation OPERATION =
      Operation.of(Opcode.RMDIR, Request::new, EmptyReply::new)
          .names(1)
          .changesName()
          .serve((fileSystem, request, reply) -> fileSystem.rmdir(request, reply));

  private Rmdir() {}

  /** What RMDIR asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The name to remove. */
    public Name name() {
      return frame.name(0);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" name=").append(name());
    }
  }

  /** Serves RMDIR. */
  public interface Handler {
    /** Removes a directory; ENOTEMPTY when it holds names. Default: ENOSYS. */
    default void rmdir(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
