package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** POLL: which events are ready on an open file. */
public final class Poll {
  private static final Struct IN = Struct.named("fuse_poll_in");
  private static final U64 FH = IN.u64("fh");
  private static final U64 KH = IN.u64("kh");
  private static final U32 FLAGS = IN.u32("flags");
  private static final U32 EVENTS = IN.u32("events");

  private static final Struct OUT = Struct.named("fuse_poll_out");
  static final U32 OUT_REVENTS = OUT.u32("revents");
  static final U32 OUT_PADDING = OUT.u32("padding");
  static final int OUT_BYTES = (int) OUT.size();

  static final Operation OPERATION =
      Operation.of(Opcode.POLL, Request::new, PollReply::new)
          .arguments(IN)
          .serve((fileSystem, request, reply) -> fileSystem.poll(request, reply));

  private Poll() {}

  /** What POLL asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The open file. */
    public long fileHandle() {
      return FH.get(head, arguments);
    }

    /** Names this poll in a later POLL notification. */
    public long wakeupHandle() {
      return KH.get(head, arguments);
    }

    /** Flags of {@link io.fusewire.wire.flag.PollFlags}. */
    public int flags() {
      return FLAGS.get(head, arguments);
    }

    /** The events of poll(2) that are wanted. */
    public int events() {
      return EVENTS.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" fileHandle=").append(fileHandle());
      text.append(" wakeupHandle=").append(wakeupHandle());
      text.append(" flags=").append(flags());
      text.append(" events=").append(events());
    }
  }

  /** Serves POLL. */
  public interface Handler {
    /**
     * Gives the events that are ready; with a flag, also wants a notification later. ENOSYS, the
     * default, means always ready, and the kernel asks no more.
     */
    default void poll(Request request, PollReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
