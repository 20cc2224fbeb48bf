package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** OPEN: opens a file. */
public final class Open {
  private static final Struct IN = Struct.named("fuse_open_in");
  private static final U32 FLAGS = IN.u32("flags");
  private static final U32 OPEN_FLAGS = IN.u32("open_flags");

  static final Operation OPERATION =
      Operation.of(Opcode.OPEN, Request::new, OpenReply::new)
          .arguments(IN)
          .changesNode()
          .gives(Undo.OPEN)
          .serve((fileSystem, request, reply) -> fileSystem.open(request, reply));

  private Open() {}

  /** The caller's flags of open(2) in an OPEN, CREATE or TMPFILE: all have them first. */
  static int flags(Frame frame) {
    return FLAGS.get(frame.head(), frame.arguments());
  }

  /** What OPEN asks. */
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

  /** Serves OPEN. */
  public interface Handler {
    /**
     * Opens a file. Default: {@link OpenReply#noWork}, and with NO_OPEN_SUPPORT the kernel asks no
     * more.
     */
    default void open(Request request, OpenReply reply) {
      reply.noWork();
    }
  }
}
