package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** READDIR: names of an open directory. */
public final class Readdir {
  private static final Struct IN = Struct.named("fuse_read_in");
  private static final U64 FH = IN.u64("fh");
  private static final U64 OFFSET = IN.u64("offset");
  private static final U32 SIZE = IN.u32("size");
  private static final U32 READ_FLAGS = IN.u32("read_flags");
  private static final U64 LOCK_OWNER = IN.u64("lock_owner");
  private static final U32 FLAGS = IN.u32("flags");

  static {
    IN.u32("padding");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.READDIR, Request::new, DirectoryReply::new)
          .arguments(IN)
          .readsNode()
          .serve((fileSystem, request, reply) -> fileSystem.readdir(request, reply));

  private Readdir() {}

  static long requestedBytes(Frame frame) {
    return Integer.toUnsignedLong(SIZE.get(frame.head(), frame.arguments()));
  }

  /** Bytes of names that an answer built in the slot's memory may have. */
  static long limit(ReplySink sink) {
    return Math.min(requestedBytes(sink.frame()), sink.roomBytes());
  }

  /** What READDIR asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** What OPEN answered. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** Where to go on: 0, or the cookie that an earlier entry named as its next; opaque 64 bits. */
    public long offset() {
      return OFFSET.get(head, arguments);
    }

    /** Bytes the answer may have. */
    public int size() {
      return SIZE.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.ReadFlags}. */
    public int flags() {
      return READ_FLAGS.get(head, arguments);
    }

    /** The lock owner, with the LOCKOWNER flag. */
    public long lockOwner() {
      return LOCK_OWNER.get(head, arguments);
    }

    /** The file's flags of open(2), as they are now. */
    public int openFlags() {
      return FLAGS.get(head, arguments);
    }

    @Override
    public long replyBytes() {
      return Integer.toUnsignedLong(size());
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" fileHandle=").append(fileHandle());
      text.append(" offset=").append(offset());
      text.append(" size=").append(size());
      text.append(" flags=").append(flags());
      text.append(" lockOwner=").append(lockOwner());
      text.append(" openFlags=").append(octal(openFlags()));
    }
  }

  /** Serves READDIR. */
  public interface Handler {
    /** Lists names from the cookie on; no names mean the end. Default: ENOSYS. */
    default void readdir(Request request, DirectoryReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
