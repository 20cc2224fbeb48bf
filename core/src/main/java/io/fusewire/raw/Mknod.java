package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;

/** MKNOD: makes a file, device node, FIFO or socket. */
public final class Mknod {
  private static final Struct IN = Struct.named("fuse_mknod_in");
  private static final U32 MODE = IN.u32("mode");
  private static final U32 RDEV = IN.u32("rdev");
  private static final U32 UMASK = IN.u32("umask");

  static {
    IN.u32("padding");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.MKNOD, Request::new, EntryReply::new)
          .arguments(IN)
          .names(1)
          .changesName()
          .gives(Undo.LOOKUP)
          .serve((fileSystem, request, reply) -> fileSystem.mknod(request, reply));

  private Mknod() {}

  /** What MKNOD asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** Type and permissions; umask already applied unless DONT_MASK was negotiated. */
    public int mode() {
      return MODE.get(head, arguments);
    }

    /** The device number in the kernel's 32-bit encoding. */
    public int rdev() {
      return RDEV.get(head, arguments);
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
      text.append(" rdev=").append(rdev());
      text.append(" umask=").append(octal(umask()));
      text.append(" name=").append(name());
    }
  }

  /** Serves MKNOD. */
  public interface Handler {
    /** Makes a node of the type in the mode; the answer counts one lookup. Default: ENOSYS. */
    default void mknod(Request request, EntryReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
