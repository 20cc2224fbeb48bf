package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** OPENDIR: opens a directory. */
public final class Opendir {
  private static final Struct IN = Struct.named("fuse_open_in");
  private static final U32 FLAGS = IN.u32("flags");
  private static final U32 OPEN_FLAGS = IN.u32("open_flags");

  static final Operation OPERATION =
      Operation.of(Opcode.OPENDIR, Request::new, OpenReply::new)
          .arguments(IN)
          .readsNode()
          .gives(Undo.OPEN)
          .serve((fileSystem, request, reply) -> fileSystem.opendir(request, reply));

  private Opendir() {}

  /** What OPENDIR asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The caller's flags of open(2), without O_CREAT, O_EXCL and O_NOCTTY. */
    public int flags() {
      return FLAGS.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.OpenInFlags}. */
    public int openFlags() {
      return OPEN_FLAGS.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" flags=").append(octal(flags()));
      text.append(" openFlags=").append(openFlags());
    }
  }

  /** Serves OPENDIR. */
  public interface Handler {
    /**
     * Opens a directory. ENOSYS, the default, means opening needs no work, and with
     * NO_OPENDIR_SUPPORT the kernel asks no more.
     */
    default void opendir(Request request, OpenReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
