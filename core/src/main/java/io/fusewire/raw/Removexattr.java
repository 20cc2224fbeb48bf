package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;

/** REMOVEXATTR: removes an extended attribute. */
public final class Removexattr {
  static final Operation OPERATION =
      Operation.of(Opcode.REMOVEXATTR, Request::new, EmptyReply::new)
          .names(1)
          .changesNode()
          .serve((fileSystem, request, reply) -> fileSystem.removexattr(request, reply));

  private Removexattr() {}

  /** What REMOVEXATTR asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The attribute. */
    public Name name() {
      return frame.name(0);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" name=").append(name());
    }
  }

  /** Serves REMOVEXATTR. */
  public interface Handler {
    /**
     * Removes an attribute; ENODATA when there is none. ENOSYS, the default, makes the kernel ask
     * no more.
     */
    default void removexattr(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
