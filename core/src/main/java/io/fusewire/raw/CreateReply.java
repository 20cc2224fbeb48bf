package io.fusewire.raw;

import io.fusewire.wire.struct.EntryOut;
import io.fusewire.wire.struct.OpenOut;
import java.lang.foreign.MemorySegment;

/** The answer to CREATE and TMPFILE: a new node that is open. */
public final class CreateReply extends Reply {
  CreateReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public CreateReply later() {
    return (CreateReply) detach();
  }

  /**
   * Answers with the new node and its file handle; the kernel holds one lookup and one open.
   *
   * @param flags of {@link io.fusewire.wire.flag.OpenFlags}
   * @return false when nobody waits any more: RELEASE and FORGET have taken it back
   */
  public boolean created(
      long nodeId, Attributes attributes, Timeouts timeouts, long fileHandle, int flags) {
    sink.check(this);
    MemorySegment memory = sink.result();
    long base = sink.resultOffset();
    AttributeWriter.entry(memory, base, nodeId, attributes, timeouts);
    AttributeWriter.attributes(attributes, memory, base + EntryOut.ATTR.offset(), sink.policy());
    OpenWriter.open(memory, base + EntryOut.SIZE, fileHandle, flags | sink.policy().openFlags());
    return sink.send(this, EntryOut.SIZE + OpenOut.SIZE);
  }
}
