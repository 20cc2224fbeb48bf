package io.fusewire.raw;

import io.fusewire.wire.Name;
import io.fusewire.wire.struct.Dirent;
import io.fusewire.wire.struct.EntryOut;
import java.lang.foreign.MemorySegment;

/** The answer to READDIRPLUS: names with their attributes. */
public final class DirectoryPlusReply extends Reply {
  DirectoryPlusReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public DirectoryPlusReply later() {
    return (DirectoryPlusReply) detach();
  }

  /** Of a {@code fuse_direntplus}, without its name. */
  static final int PLUS_BYTES = EntryOut.SIZE + Dirent.SIZE;

  /**
   * Appends a name with its node, if it fits. The kernel then holds one more lookup of the node, so
   * count it only when this returns true.
   *
   * @param next cookie of the entry behind this one
   * @return false when the answer is full: send it; this entry is for the next call
   */
  public boolean add(Name name, long nodeId, Attributes attributes, Timeouts timeouts, long next) {
    if (!fits(name)) {
      return false;
    }
    MemorySegment memory = sink.room();
    long base = sink.roomOffset() + sink.roomUsed();
    AttributeWriter.entry(memory, base, nodeId, attributes, timeouts, sink.policy());
    append(name, attributes.ino(), attributes.mode(), next);
    return true;
  }

  /**
   * Appends a name without a node: for "." and "..", and for names whose node is not known cheaply.
   * Counts no lookup.
   */
  public boolean addName(Name name, long ino, int mode, long next) {
    if (!fits(name)) {
      return false;
    }
    AttributeWriter.zero(sink.room(), sink.roomOffset() + sink.roomUsed(), EntryOut.SIZE);
    append(name, ino, mode, next);
    return true;
  }

  /**
   * Answers with the names that were added; none means the end of the directory.
   *
   * @return false when nobody waits any more: FORGET has taken the lookups back
   */
  public boolean send() {
    sink.check(this);
    long bytes = sink.roomUsed();
    if (bytes > 0) {
      sink.gather(sink.room(), sink.roomOffset(), bytes);
    }
    return sink.send(this, 0);
  }

  private boolean fits(Name name) {
    sink.check(this);
    long bytes = DirectoryWriter.paddedBytes(PLUS_BYTES, name.length());
    return sink.roomUsed() + bytes <= Readdir.limit(sink);
  }

  private void append(Name name, long ino, int mode, long next) {
    long base = sink.roomOffset() + sink.roomUsed() + EntryOut.SIZE;
    DirectoryWriter.dirent(sink.room(), base, name, ino, mode, next);
    sink.useRoom(DirectoryWriter.paddedBytes(PLUS_BYTES, name.length()));
  }
}
