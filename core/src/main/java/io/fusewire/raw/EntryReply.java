package io.fusewire.raw;

import io.fusewire.wire.struct.EntryOut;
import java.lang.foreign.MemorySegment;

/** The answer to the operations that find or make a node under a name. */
public final class EntryReply extends Reply {
  EntryReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public EntryReply later() {
    return (EntryReply) detach();
  }

  /**
   * Answers with a node. The kernel now holds one more lookup of it, to be given back by FORGET.
   *
   * @return false when nobody waits any more: the lookup was taken back by a FORGET
   */
  public boolean entry(long nodeId, Attributes attributes, Timeouts timeouts) {
    sink.check(this);
    MemorySegment memory = sink.result();
    long base = sink.resultOffset();
    AttributeWriter.entry(memory, base, nodeId, attributes, timeouts, sink.policy());
    return sink.send(this, EntryOut.SIZE);
  }

  /**
   * Answers a LOOKUP with "no such name, and remember it".
   *
   * @param timeouts the entry part tells how long
   */
  public boolean negative(Timeouts timeouts) {
    sink.check(this);
    AttributeWriter.noEntry(sink.result(), sink.resultOffset(), timeouts);
    return sink.send(this, EntryOut.SIZE);
  }
}
