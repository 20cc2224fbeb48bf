package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;

/** SYNCFS: makes the whole file system safe. */
public final class Syncfs {
  private static final Struct IN = Struct.named("fuse_syncfs_in");

  static {
    IN.u64("padding");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.SYNCFS, Request::new, EmptyReply::new)
          .arguments(IN)
          .urgency(RequestClass.FOREGROUND)
          .sync()
          .serve((fileSystem, request, reply) -> fileSystem.syncfs(request, reply));

  private Syncfs() {}

  /** What SYNCFS asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }
  }

  /** Serves SYNCFS. */
  public interface Handler {
    /**
     * Returns when everything written survives a crash (syncfs(2)); ordinary mounts are not asked.
     * Default: ENOSYS.
     */
    default void syncfs(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
