package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.LockFlags;
import io.fusewire.wire.layout.Embedded;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;
import io.fusewire.wire.struct.FileLock;

/** SETLK and SETLKW: takes or gives back a lock. */
public final class Setlk {
  private static final Struct IN = Struct.named("fuse_lk_in");
  private static final U64 FH = IN.u64("fh");
  private static final U64 OWNER = IN.u64("owner");
  private static final Embedded LK = IN.embed("lk", FileLock.STRUCT);
  private static final U32 LK_FLAGS = IN.u32("lk_flags");

  static {
    IN.u32("padding");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.SETLK, Request::new, EmptyReply::new)
          .arguments(IN)
          .serve((fileSystem, request, reply) -> fileSystem.setlk(request, reply));

  static final Operation OPERATION_WAIT =
      Operation.of(Opcode.SETLKW, Request::new, EmptyReply::new)
          .arguments(IN)
          .serve((fileSystem, request, reply) -> fileSystem.setlk(request, reply));

  private Setlk() {}

  /** What SETLK asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The open file. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /**
     * Identifies the holder; equal for all descriptors of a process (or of an open file for flock).
     */
    public long owner() {
      return OWNER.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.LockFlags}. */
    public int flags() {
      return LK_FLAGS.get(head, arguments);
    }

    /** The first byte of the range. */
    public long start() {
      return FileLock.START.get(head, arguments + LK.offset());
    }

    /** The last byte of the range; Long.MAX_VALUE for the end of the file. */
    public long end() {
      return FileLock.END.get(head, arguments + LK.offset());
    }

    /** F_RDLCK 0, F_WRLCK 1 or F_UNLCK 2. */
    public int type() {
      return FileLock.TYPE.get(head, arguments + LK.offset());
    }

    /** The process that asks. */
    public int lockPid() {
      return FileLock.PID.get(head, arguments + LK.offset());
    }

    /** True for flock(2), false for POSIX byte range locks. */
    public boolean isFlock() {
      return (flags() & LockFlags.FLOCK) != 0;
    }

    /** True when the answer may come late, once the lock is free (SETLKW). */
    public boolean waits() {
      return opcode() == Opcode.SETLKW.number();
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" owner=").append(owner());
      text.append(" type=").append(type());
      text.append(" start=").append(start());
      text.append(" end=").append(end());
      text.append(" flags=").append(flags());
    }
  }

  /** Serves SETLK. */
  public interface Handler {
    /**
     * Takes or gives back a lock; EAGAIN when another is in the way and {@link Request#waits} is
     * false. A lock that waits must not hold a thread that its release needs, and ends with EINTR
     * on INTERRUPT. Sent with POSIX_LOCKS or FLOCK_LOCKS. Default: ENOSYS.
     */
    default void setlk(Request request, EmptyReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
