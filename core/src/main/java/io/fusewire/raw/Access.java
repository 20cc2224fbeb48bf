package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** ACCESS: may the caller do this? */
public final class Access {
  private static final Struct IN = Struct.named("fuse_access_in");
  private static final U32 MASK = IN.u32("mask");

  static {
    IN.u32("padding");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.ACCESS, Request::new, EmptyReply::new)
          .arguments(IN)
          .serve((fileSystem, request, reply) -> fileSystem.access(request, reply));

  private Access() {}

  /** What ACCESS asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** R_OK 4, W_OK 2, X_OK 1, F_OK 0. */
    public int mask() {
      return MASK.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" mask=").append(mask());
    }
  }

  /** Serves ACCESS. */
  public interface Handler {
    /**
     * Checks access(2); not sent with default_permissions. Default: ENOSYS, and the kernel asks no
     * more and allows it.
     */
    default void access(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
