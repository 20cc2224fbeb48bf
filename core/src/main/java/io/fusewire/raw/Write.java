package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.WriteFlags;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;
import java.lang.foreign.MemorySegment;

/** WRITE: puts bytes into an open file. */
public final class Write {
  private static final Struct IN = Struct.named("fuse_write_in");
  private static final U64 FH = IN.u64("fh");
  private static final U64 OFFSET = IN.u64("offset");
  private static final U32 SIZE = IN.u32("size");
  private static final U32 WRITE_FLAGS = IN.u32("write_flags");
  private static final U64 LOCK_OWNER = IN.u64("lock_owner");
  private static final U32 FLAGS = IN.u32("flags");

  static {
    IN.u32("padding");
  }

  private static final Struct OUT = Struct.named("fuse_write_out");
  static final U32 OUT_SIZE = OUT.u32("size");
  static final U32 OUT_PADDING = OUT.u32("padding");
  static final int OUT_BYTES = (int) OUT.size();

  static final Operation OPERATION =
      Operation.of(Opcode.WRITE, Request::new, WriteReply::new)
          .arguments(IN)
          .sizedData()
          .urgency(RequestClass.FOREGROUND)
          .changesNode()
          .serve((fileSystem, request, reply) -> fileSystem.write(request, reply));

  private Write() {}

  /** What WRITE asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** What OPEN answered. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** Bytes from the start of the file. */
    public long offset() {
      return OFFSET.get(head, arguments);
    }

    /** The number of bytes to write. */
    public int size() {
      return SIZE.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.WriteFlags}. */
    public int flags() {
      return WRITE_FLAGS.get(head, arguments);
    }

    /** The lock owner, with the LOCKOWNER flag. */
    public long lockOwner() {
      return LOCK_OWNER.get(head, arguments);
    }

    /** The file's flags of open(2), as they are now. */
    public int openFlags() {
      return FLAGS.get(head, arguments);
    }

    /**
     * The memory that holds the bytes, from {@link #dataOffset}; page aligned, valid until
     * answered.
     */
    public MemorySegment data() {
      return frame.body();
    }

    /** Where the bytes start in {@link #data}. */
    public long dataOffset() {
      return frame.data();
    }

    @Override
    boolean isBackground() {
      return (flags() & WriteFlags.CACHE) != 0;
    }

    @Override
    boolean dataFits() {
      return Integer.toUnsignedLong(size()) == frame.dataLength();
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

  /** Serves WRITE. */
  public interface Handler {
    /** Writes all bytes, or as many as fit. Default: ENOSYS. */
    default void write(Request request, WriteReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
