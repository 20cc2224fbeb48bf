package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.I32;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;
import java.lang.foreign.MemorySegment;

/** IOCTL: a device command on an open file. */
public final class Ioctl {
  private static final Struct IN = Struct.named("fuse_ioctl_in");
  private static final U64 FH = IN.u64("fh");
  private static final U32 FLAGS = IN.u32("flags");
  private static final U32 CMD = IN.u32("cmd");
  private static final U64 ARG = IN.u64("arg");
  private static final int PAGE = 4096;
  private static final U32 IN_SIZE = IN.u32("in_size");
  private static final U32 OUT_SIZE = IN.u32("out_size");

  private static final Struct OUT = Struct.named("fuse_ioctl_out");
  static final I32 OUT_RESULT = OUT.i32("result");
  static final U32 OUT_FLAGS = OUT.u32("flags");
  static final U32 OUT_IN_IOVS = OUT.u32("in_iovs");
  static final U32 OUT_OUT_IOVS = OUT.u32("out_iovs");
  static final int OUT_BYTES = (int) OUT.size();

  static final Operation OPERATION =
      Operation.of(Opcode.IOCTL, Request::new, IoctlReply::new)
          .arguments(IN)
          .sizedData()
          .changesNode()
          .serve((fileSystem, request, reply) -> fileSystem.ioctl(request, reply));

  private Ioctl() {}

  /** What IOCTL asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The open file. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.IoctlFlags}. */
    public int flags() {
      return FLAGS.get(head, arguments);
    }

    /** The command of ioctl(2). */
    public int command() {
      return CMD.get(head, arguments);
    }

    /** The caller's third argument, often an address of its own. */
    public long argument() {
      return ARG.get(head, arguments);
    }

    /** Bytes of data that came along. */
    public int inputBytes() {
      return IN_SIZE.get(head, arguments);
    }

    /** Bytes the caller has room for. */
    public int outputBytes() {
      return OUT_SIZE.get(head, arguments);
    }

    @Override
    public long replyBytes() { // a page at least, for the vectors of a retry
      return Math.max(Integer.toUnsignedLong(OUT_SIZE.get(head, arguments)), PAGE);
    }

    /** The memory that holds the data, from {@link #inputOffset}; valid until answered. */
    public MemorySegment input() {
      return frame.body();
    }

    /** Where the data starts in {@link #input}. */
    public long inputOffset() {
      return frame.data();
    }

    @Override
    boolean dataFits() {
      return Integer.toUnsignedLong(inputBytes()) == frame.dataLength();
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" fileHandle=").append(fileHandle());
      text.append(" flags=").append(flags());
      text.append(" command=").append(command());
      text.append(" argument=").append(argument());
      text.append(" inputBytes=").append(inputBytes());
      text.append(" outputBytes=").append(outputBytes());
    }
  }

  /** Serves IOCTL. */
  public interface Handler {
    /**
     * Does ioctl(2) with the data the command's size announces. Default: ENOSYS, and the caller
     * gets ENOTTY.
     */
    default void ioctl(Request request, IoctlReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
