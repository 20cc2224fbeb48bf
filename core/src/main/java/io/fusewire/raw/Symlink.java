package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;

/** SYMLINK: makes a symbolic link. */
public final class Symlink {
  static final Operation OPERATION =
      Operation.of(Opcode.SYMLINK, Request::new, EntryReply::new)
          .names(2)
          .changesName()
          .gives(Undo.LOOKUP)
          .serve((fileSystem, request, reply) -> fileSystem.symlink(request, reply));

  private Symlink() {}

  /** What SYMLINK asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The name to make. */
    public Name name() {
      return frame.name(0);
    }

    /** What the link points at. */
    public Name target() {
      return frame.name(1);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" name=").append(name());
      text.append(" target=").append(target());
    }
  }

  /** Serves SYMLINK. */
  public interface Handler {
    /**
     * Makes a symbolic link; the answer counts one lookup. EEXIST when the name is taken. Default:
     * ENOSYS.
     */
    default void symlink(Request request, EntryReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
