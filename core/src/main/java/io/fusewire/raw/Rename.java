package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.RenameFlags;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** RENAME and RENAME2: moves a name, or exchanges two. */
public final class Rename {
  private static final Struct IN = Struct.named("fuse_rename_in");
  private static final U64 NEWDIR = IN.u64("newdir");

  private static final Struct IN_2 = Struct.named("fuse_rename2_in");

  static {
    IN_2.u64("newdir");
  }

  private static final U32 FLAGS = IN_2.u32("flags");

  static {
    IN_2.u32("padding");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.RENAME, Request::new, EmptyReply::new)
          .arguments(IN)
          .names(2)
          .ordered(Rename::keys)
          .serve((fileSystem, request, reply) -> fileSystem.rename(request, reply));

  static final Operation OPERATION_2 =
      Operation.of(Opcode.RENAME2, Request::new, EmptyReply::new)
          .arguments(IN_2)
          .names(2)
          .ordered(Rename::keys)
          .serve((fileSystem, request, reply) -> fileSystem.rename(request, reply));

  private Rename() {}

  private static void keys(Request request, OrderKeys keys) {
    keys.name(request.nodeId(), request.name());
    keys.name(request.newParent(), request.newName());
  }

  /** What RENAME asks; {@link #nodeId} is the old directory. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The directory of the new name. */
    public long newParent() {
      return NEWDIR.get(head, arguments);
    }

    /** Flags of {@link RenameFlags}; 0 for a plain rename. */
    public int flags() {
      return opcode() == Opcode.RENAME2.number() ? FLAGS.get(head, arguments) : 0;
    }

    /** The name to move. */
    public Name name() {
      return frame.name(0);
    }

    /** Where it goes. */
    public Name newName() {
      return frame.name(1);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" name=").append(name()).append(" newParent=").append(newParent());
      text.append(" newName=").append(newName());
      text.append(" flags=").append(RenameFlags.SET.describe(flags()));
    }
  }

  /** Serves RENAME and RENAME2. */
  public interface Handler {
    /**
     * Moves a name, replacing what has the new one, or does what the flags say (renameat2(2));
     * EINVAL for flags that are not supported. Default: ENOSYS.
     */
    default void rename(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
