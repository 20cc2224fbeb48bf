package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U64;

/** LINK: gives a node another name. */
public final class Link {
  private static final Struct IN = Struct.named("fuse_link_in");
  private static final U64 OLDNODEID = IN.u64("oldnodeid");

  static final Operation OPERATION =
      Operation.of(Opcode.LINK, Request::new, EntryReply::new)
          .arguments(IN)
          .names(1)
          .ordered(Link::keys)
          .gives(Undo.LOOKUP)
          .serve((fileSystem, request, reply) -> fileSystem.link(request, reply));

  private Link() {}

  private static void keys(Request request, OrderKeys keys) {
    keys.exclusive(request.existingNodeId());
    keys.name(request.nodeId(), request.name());
  }

  /** What LINK asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The node to link; {@link #nodeId} is the directory of the new name. */
    public long existingNodeId() {
      return OLDNODEID.get(head, arguments);
    }

    /** The name to make. */
    public Name name() {
      return frame.name(0);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" existingNodeId=").append(existingNodeId());
      text.append(" name=").append(name());
    }
  }

  /** Serves LINK. */
  public interface Handler {
    /** Makes a hard link; the answer counts one lookup. Default: ENOSYS. */
    default void link(Request request, EntryReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
