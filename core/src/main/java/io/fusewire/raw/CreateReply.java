package io.fusewire.raw;

import io.fusewire.wire.struct.EntryOut;
import io.fusewire.wire.struct.OpenOut;
import java.lang.foreign.MemorySegment;

/** The answer to CREATE and TMPFILE: a new node that is open. */
public final class CreateReply extends Reply {
  private final OpenWriter writer = new OpenWriter(this);

  CreateReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public CreateReply later() {
    return (CreateReply) detach();
  }

  /**
   * Has the kernel itself read, write and map this file instead of the one that was made, if it
   * can; call {@link #created} next, on the same object. See {@link OpenReply#openBacking}.
   */
  public CreateReply openBacking(int descriptor) {
    writer.back(descriptor);
    return this;
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
    int all = flags | sink.policy().openFlags();
    int backingId = writer.choose(nodeId, all);
    AttributeWriter.entry(memory, base, nodeId, attributes, timeouts, sink.policy());
    OpenWriter.open(memory, base + EntryOut.SIZE, fileHandle, all, backingId);
    return writer.send(nodeId, EntryOut.SIZE + OpenOut.SIZE);
  }
}
