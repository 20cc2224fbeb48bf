package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.SetxattrFlags;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** SETXATTR: sets an extended attribute. */
public final class Setxattr {
  private static final Struct IN = Struct.named("fuse_setxattr_in");
  private static final U32 SIZE = IN.u32("size");
  private static final U32 FLAGS = IN.u32("flags");
  private static final U32 SETXATTR_FLAGS = IN.u32("setxattr_flags");

  static {
    IN.u32("padding");
  }

  /** What kernels send without the SETXATTR_EXT capability: size and flags. */
  private static final long SHORT_BYTES = 8;

  static final Operation OPERATION =
      Operation.of(Opcode.SETXATTR, Request::new, EmptyReply::new)
          .arguments(IN)
          .shortWithout(InitFlags.SETXATTR_EXT, SHORT_BYTES)
          .names(1)
          .sizedData()
          .changesNode()
          .serve((fileSystem, request, reply) -> fileSystem.setxattr(request, reply));

  private Setxattr() {}

  /** What SETXATTR asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** Bytes of the value. */
    public int size() {
      return SIZE.get(head, arguments);
    }

    /** XATTR_CREATE 1, XATTR_REPLACE 2. */
    public int flags() {
      return FLAGS.get(head, arguments);
    }

    /** The attribute. */
    public Name name() {
      return frame.name(0);
    }

    /** Flags of {@link SetxattrFlags}; 0 when the kernel does not send them. */
    public int setxattrFlags() {
      return frame.argumentBytes() < IN.size() ? 0 : SETXATTR_FLAGS.get(head, arguments);
    }

    /** The memory that holds the value, from {@link #valueOffset}; valid until answered. */
    public MemorySegment value() {
      return frame.body();
    }

    /** Where the value starts in {@link #value}. */
    public long valueOffset() {
      return frame.data();
    }

    /** A copy of the value. */
    public byte[] valueBytes() {
      return frame.body().asSlice(frame.data(), frame.dataLength()).toArray(ValueLayout.JAVA_BYTE);
    }

    @Override
    boolean dataFits() {
      return Integer.toUnsignedLong(size()) == frame.dataLength();
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" size=").append(size());
      text.append(" flags=").append(flags());
      text.append(" name=").append(name());
    }
  }

  /** Serves SETXATTR. */
  public interface Handler {
    /**
     * Sets an attribute (setxattr(2)). ENOSYS, the default, makes the kernel ask no more and answer
     * EOPNOTSUPP itself.
     */
    default void setxattr(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
