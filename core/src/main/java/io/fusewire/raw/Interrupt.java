package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U64;

/** INTERRUPT: the caller of another request got a signal. */
public final class Interrupt {
  private static final Struct IN = Struct.named("fuse_interrupt_in");
  private static final U64 UNIQUE = IN.u64("unique");

  static final Operation OPERATION =
      Operation.of(Opcode.INTERRUPT, Request::new, NoReply::new)
          .arguments(IN)
          .urgency(RequestClass.CONTROL)
          .serve((fileSystem, request, reply) -> fileSystem.interrupt(request));

  private Interrupt() {}

  /** What INTERRUPT asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The unique of the request to end. */
    public long victim() {
      return UNIQUE.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" victim=").append(victim());
    }
  }

  /** Serves INTERRUPT. */
  public interface Handler {
    /**
     * Tells that a request should end early: answer that request (EINTR, or its result), never this
     * one. It may come before the request itself or after its answer. Default: nothing.
     */
    default void interrupt(Request request) {}
  }
}
