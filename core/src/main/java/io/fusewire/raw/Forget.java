package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;
import io.fusewire.wire.struct.InHeader;

/** FORGET and BATCH_FORGET: the kernel gives lookups back. */
public final class Forget {
  private static final Struct IN = Struct.named("fuse_forget_in");
  private static final U64 NLOOKUP = IN.u64("nlookup");

  private static final Struct BATCH = Struct.named("fuse_batch_forget_in");
  private static final U32 COUNT = BATCH.u32("count");

  static {
    BATCH.u32("dummy");
  }

  private static final Struct ONE = Struct.named("fuse_forget_one");
  private static final U64 ONE_NODEID = ONE.u64("nodeid");
  private static final U64 ONE_NLOOKUP = ONE.u64("nlookup");

  static final Operation OPERATION =
      Operation.of(Opcode.FORGET, Request::new, NoReply::new)
          .arguments(IN)
          .urgency(RequestClass.CONTROL)
          .serve((fileSystem, request, reply) -> fileSystem.forget(request));

  static final Operation OPERATION_BATCH =
      Operation.of(Opcode.BATCH_FORGET, Request::new, NoReply::new)
          .arguments(BATCH)
          .sizedData()
          .urgency(RequestClass.CONTROL)
          .serve((fileSystem, request, reply) -> forgetAll(fileSystem, request));

  private Forget() {}

  /** Writes the arguments of a FORGET that the library makes itself. */
  static void setLookups(Frame frame, long lookups) {
    NLOOKUP.set(frame.head(), frame.arguments(), lookups);
  }

  private static void forgetAll(RawFileSystem fileSystem, Request request) {
    int count = request.count();
    for (int i = 0; i < count; i++) {
      request.index = i;
      fileSystem.forget(request);
    }
  }

  /** One node and how many lookups of it end; a batch is handed over one by one. */
  public static final class Request extends RawRequest {
    private int index;

    Request(Frame frame) {
      super(frame);
    }

    private boolean isBatch() {
      return opcode() == Opcode.BATCH_FORGET.number();
    }

    private int count() {
      return COUNT.get(head, arguments);
    }

    private long one() {
      return frame.payload() + index * ONE.size();
    }

    /** The node. */
    @Override
    public long nodeId() {
      return isBatch()
          ? ONE_NODEID.get(frame.body(), one())
          : InHeader.NODEID.get(head, frame.header());
    }

    /** How many lookups end. */
    public long lookups() {
      return isBatch() ? ONE_NLOOKUP.get(frame.body(), one()) : NLOOKUP.get(head, arguments);
    }

    @Override
    boolean dataFits() {
      index = 0;
      return Integer.toUnsignedLong(count()) * ONE.size() == frame.payloadLength() && count() > 0;
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" lookups=").append(lookups());
      if (isBatch()) {
        text.append(" count=").append(count());
      }
    }
  }

  /** Serves FORGET and BATCH_FORGET. */
  public interface Handler {
    /**
     * Gives back lookups of a node: when none is left and it has no name, it can go. Not answered;
     * never blocks. Default: nothing.
     */
    default void forget(Request request) {}
  }
}
