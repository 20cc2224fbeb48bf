package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.SetattrFlags;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** SETATTR: changes attributes of a node (chmod, chown, truncate, utimensat). */
public final class Setattr {
  private static final Struct IN = Struct.named("fuse_setattr_in");
  private static final U32 VALID = IN.u32("valid");

  static {
    IN.u32("padding");
  }

  private static final U64 FH = IN.u64("fh");
  private static final U64 SIZE = IN.u64("size");
  private static final U64 LOCK_OWNER = IN.u64("lock_owner");
  private static final U64 ATIME = IN.u64("atime");
  private static final U64 MTIME = IN.u64("mtime");
  private static final U64 CTIME = IN.u64("ctime");
  private static final U32 ATIMENSEC = IN.u32("atimensec");
  private static final U32 MTIMENSEC = IN.u32("mtimensec");
  private static final U32 CTIMENSEC = IN.u32("ctimensec");
  private static final U32 MODE = IN.u32("mode");

  static {
    IN.u32("unused4");
  }

  private static final U32 UID = IN.u32("uid");
  private static final U32 GID = IN.u32("gid");

  static {
    IN.u32("unused5");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.SETATTR, Request::new, AttrReply::new)
          .arguments(IN)
          .changesNode()
          .serve((fileSystem, request, reply) -> fileSystem.setattr(request, reply));

  private Setattr() {}

  /** What SETATTR asks; a value counts only when its flag is in {@link #valid}. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** Which attributes change: flags of {@link SetattrFlags}. */
    public int valid() {
      return VALID.get(head, arguments);
    }

    /** True when all of these flags are in {@link #valid}. */
    public boolean sets(int flags) {
      return (valid() & flags) == flags;
    }

    /** The open file, with the FH flag. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** The new size in bytes. */
    public long size() {
      return SIZE.get(head, arguments);
    }

    /** The lock owner, with the LOCKOWNER flag. */
    public long lockOwner() {
      return LOCK_OWNER.get(head, arguments);
    }

    /** Seconds of the new access time; with ATIME_NOW the server's clock counts instead. */
    public long atime() {
      return ATIME.get(head, arguments);
    }

    /** Nanoseconds within the second of the access time. */
    public int atimeNanos() {
      return ATIMENSEC.get(head, arguments);
    }

    /** Seconds of the new modification time; with MTIME_NOW the server's clock counts instead. */
    public long mtime() {
      return MTIME.get(head, arguments);
    }

    /** Nanoseconds within the second of the modification time. */
    public int mtimeNanos() {
      return MTIMENSEC.get(head, arguments);
    }

    /** Seconds of the new change time; only with the writeback cache. */
    public long ctime() {
      return CTIME.get(head, arguments);
    }

    /** Nanoseconds within the second of the change time. */
    public int ctimeNanos() {
      return CTIMENSEC.get(head, arguments);
    }

    /** The new permissions, with the type bits. */
    public int mode() {
      return MODE.get(head, arguments);
    }

    /** The new owner. */
    public int newUid() {
      return UID.get(head, arguments);
    }

    /** The new group. */
    public int newGid() {
      return GID.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" valid=").append(SetattrFlags.SET.describe(valid()));
      text.append(" size=").append(size()).append(" mode=").append(octal(mode()));
      text.append(" uid=").append(newUid()).append(" gid=").append(newGid());
    }
  }

  /** Serves SETATTR. */
  public interface Handler {
    /** Changes attributes and answers with all of them. Default: ENOSYS. */
    default void setattr(Request request, AttrReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
