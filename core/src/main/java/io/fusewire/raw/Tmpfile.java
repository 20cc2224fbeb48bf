package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** TMPFILE: makes an open file without a name. */
public final class Tmpfile {
  private static final Struct IN = Struct.named("fuse_create_in");
  private static final U32 FLAGS = IN.u32("flags");
  private static final U32 MODE = IN.u32("mode");
  private static final U32 UMASK = IN.u32("umask");
  private static final U32 OPEN_FLAGS = IN.u32("open_flags");

  static final Operation OPERATION =
      Operation.of(Opcode.TMPFILE, Request::new, CreateReply::new)
          .arguments(IN)
          .gives(Undo.LOOKUP_AND_OPEN)
          .serve((fileSystem, request, reply) -> fileSystem.tmpfile(request, reply));

  private Tmpfile() {}

  /** What TMPFILE asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The caller's flags of open(2). */
    public int flags() {
      return FLAGS.get(head, arguments);
    }

    /** Type and permissions; umask already applied unless DONT_MASK was negotiated. */
    public int mode() {
      return MODE.get(head, arguments);
    }

    /** The caller's umask. */
    public int umask() {
      return UMASK.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.OpenInFlags}. */
    public int openFlags() {
      return OPEN_FLAGS.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" flags=").append(octal(flags()));
      text.append(" mode=").append(octal(mode()));
      text.append(" umask=").append(octal(umask()));
      text.append(" openFlags=").append(openFlags());
    }
  }

  /** Serves TMPFILE. */
  public interface Handler {
    /**
     * Makes a nameless file in a directory (O_TMPFILE of open(2)); LINK may name it later. Default:
     * ENOSYS, and the caller gets EOPNOTSUPP.
     */
    default void tmpfile(Request request, CreateReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
