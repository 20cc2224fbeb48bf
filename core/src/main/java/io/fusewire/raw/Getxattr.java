package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** GETXATTR: reads an extended attribute. */
public final class Getxattr {
  private static final Struct IN = Struct.named("fuse_getxattr_in");
  private static final U32 SIZE = IN.u32("size");

  static {
    IN.u32("padding");
  }

  private static final Struct OUT = Struct.named("fuse_getxattr_out");
  static final U32 OUT_SIZE = OUT.u32("size");
  static final U32 OUT_PADDING = OUT.u32("padding");
  static final int OUT_BYTES = (int) OUT.size();

  static final Operation OPERATION =
      Operation.of(Opcode.GETXATTR, Request::new, XattrReply::new)
          .arguments(IN)
          .names(1)
          .readsNode()
          .serve((fileSystem, request, reply) -> fileSystem.getxattr(request, reply));

  private Getxattr() {}

  static int requestedBytes(Frame frame) {
    return SIZE.get(frame.head(), frame.arguments());
  }

  /** What GETXATTR asks. */
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

    /** The attribute. */
    public Name name() {
      return frame.name(0);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" size=").append(size());
      text.append(" name=").append(name());
    }
  }

  /** Serves GETXATTR. */
  public interface Handler {
    /**
     * Gives the value (getxattr(2)); ENODATA when there is none. ENOSYS, the default, makes the
     * kernel ask no more.
     */
    default void getxattr(Request request, XattrReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
