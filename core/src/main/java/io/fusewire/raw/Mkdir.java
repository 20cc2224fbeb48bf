package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** MKDIR: makes a directory. */
public final class Mkdir {
  private static final Struct IN = Struct.named("fuse_mkdir_in");
  private static final U32 MODE = IN.u32("mode");
  private static final U32 UMASK = IN.u32("umask");

  static final Operation OPERATION =
      Operation.of(Opcode.MKDIR, Request::new, EntryReply::new)
          .arguments(IN)
          .names(1)
          .changesName()
          .gives(Undo.LOOKUP)
          .serve((fileSystem, request, reply) -> fileSystem.mkdir(request, reply));

  private Mkdir() {}

  /** What MKDIR asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** Permissions; umask already applied unless DONT_MASK was negotiated. */
    public int mode() {
      return MODE.get(head, arguments);
    }

    /** The caller's umask. */
    public int umask() {
      return UMASK.get(head, arguments);
    }

    /** The name to make. */
    public Name name() {
      return frame.name(0);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" mode=").append(octal(mode()));
      text.append(" umask=").append(octal(umask()));
      text.append(" name=").append(name());
    }
  }

  /** Serves MKDIR. */
  public interface Handler {
    /** Makes a directory; the answer counts one lookup. Default: ENOSYS. */
    default void mkdir(Request request, EntryReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
