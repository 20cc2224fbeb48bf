package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** LISTXATTR: the names of the extended attributes. */
public final class Listxattr {
  private static final Struct IN = Struct.named("fuse_getxattr_in");
  private static final U32 SIZE = IN.u32("size");

  static {
    IN.u32("padding");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.LISTXATTR, Request::new, XattrReply::new)
          .arguments(IN)
          .readsNode()
          .serve((fileSystem, request, reply) -> fileSystem.listxattr(request, reply));

  private Listxattr() {}

  /** What LISTXATTR asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** Bytes the caller has room for; 0 asks for the size. */
    public int size() {
      return SIZE.get(head, arguments);
    }

    @Override
    public long replyBytes() {
      return Integer.toUnsignedLong(size());
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" size=").append(size());
    }
  }

  /** Serves LISTXATTR. */
  public interface Handler {
    /**
     * Gives the names, each ended by NUL (listxattr(2)). ENOSYS, the default, makes the kernel ask
     * no more.
     */
    default void listxattr(Request request, XattrReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
