package io.fusewire.raw;

import io.fusewire.wire.struct.AttrOut;
import java.lang.foreign.MemorySegment;

/** The answer to GETATTR and SETATTR. */
public final class AttrReply extends Reply {
  AttrReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public AttrReply later() {
    return (AttrReply) detach();
  }

  /**
   * Answers with the node's attributes.
   *
   * @param validNanos how long the kernel may use them without asking, in nanoseconds
   */
  public boolean attributes(Attributes attributes, long validNanos) {
    sink.check(this);
    MemorySegment memory = sink.result();
    long base = sink.resultOffset();
    long nanos = sink.policy().attributeNanos(sink.frame().nodeId(), validNanos);
    AttrOut.ATTR_VALID.set(memory, base, nanos / Timeouts.SECOND);
    AttrOut.ATTR_VALID_NSEC.set(memory, base, (int) (nanos % Timeouts.SECOND));
    AttrOut.DUMMY.set(memory, base, 0);
    AttributeWriter.attributes(attributes, memory, base + AttrOut.ATTR.offset(), sink.policy());
    return sink.send(this, AttrOut.SIZE);
  }
}
