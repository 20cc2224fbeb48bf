package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;
import java.lang.foreign.MemorySegment;

/** NOTIFY_REPLY: what a RETRIEVE notification asked for. */
public final class NotifyReply {
  private static final Struct IN = Struct.named("fuse_notify_retrieve_in");

  static {
    IN.u64("dummy1");
  }

  private static final U64 OFFSET = IN.u64("offset");
  private static final U32 SIZE = IN.u32("size");

  static {
    IN.u32("dummy2");
  }

  static {
    IN.u64("dummy3");
  }

  static {
    IN.u64("dummy4");
  }

  static final Operation OPERATION =
      Operation.of(Opcode.NOTIFY_REPLY, Request::new, NoReply::new)
          .arguments(IN)
          .sizedData()
          .urgency(RequestClass.CONTROL)
          .serve((fileSystem, request, reply) -> fileSystem.notifyReply(request));

  private NotifyReply() {}

  /** What NOTIFY_REPLY asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** Bytes from the start of the file. */
    public long offset() {
      return OFFSET.get(head, arguments);
    }

    /** Bytes of data. */
    public int size() {
      return SIZE.get(head, arguments);
    }

    /** The memory that holds the bytes, from {@link #dataOffset}; valid during the call. */
    public MemorySegment data() {
      return frame.body();
    }

    /** Where the bytes start in {@link #data}. */
    public long dataOffset() {
      return frame.data();
    }

    @Override
    boolean dataFits() {
      return Integer.toUnsignedLong(size()) == frame.dataLength();
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" offset=").append(offset());
      text.append(" size=").append(size());
    }
  }

  /** Serves NOTIFY_REPLY. */
  public interface Handler {
    /**
     * Takes cached bytes of a node; {@link Request#unique} is the one the notification carried.
     * Must not be answered. Default: nothing.
     */
    default void notifyReply(Request request) {}
  }
}
