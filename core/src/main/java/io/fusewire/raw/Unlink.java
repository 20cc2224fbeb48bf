package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;

/** UNLINK: removes a name of anything but a directory. */
public final class Unlink {
  static final Operation OPERATION =
      Operation.of(Opcode.UNLINK, Request::new, EmptyReply::new)
          .names(1)
          .changesName()
          .serve((fileSystem, request, reply) -> fileSystem.unlink(request, reply));

  private Unlink() {}

  /** What UNLINK asks. */
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

  /** Serves UNLINK. */
  public interface Handler {
    /**
     * Removes a name. The node lives on while it is open, looked up or has other names. Default:
     * ENOSYS.
     */
    default void unlink(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
