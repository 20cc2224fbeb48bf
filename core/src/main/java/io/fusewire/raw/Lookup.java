package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;

/** LOOKUP: finds a name in a directory. */
public final class Lookup {
  static final Operation OPERATION =
      Operation.of(Opcode.LOOKUP, Request::new, EntryReply::new)
          .names(1)
          .gives(Undo.LOOKUP)
          .serve((fileSystem, request, reply) -> fileSystem.lookup(request, reply));

  private Lookup() {}

  /** What LOOKUP asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The name to find. */
    public Name name() {
      return frame.name(0);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" name=").append(name());
    }
  }

  /** Serves LOOKUP. */
  public interface Handler {
    /**
     * Finds a name; the answer counts one lookup of the node. ENOENT when there is none, or a
     * negative entry for the kernel to remember. Default: ENOSYS.
     */
    default void lookup(Request request, EntryReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
