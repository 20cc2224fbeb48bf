package io.fusewire.raw;

import io.fusewire.wire.Name;
import io.fusewire.wire.struct.Dirent;
import java.lang.foreign.MemorySegment;

/** The answer to READDIR: names, packed one behind the other. */
public final class DirectoryReply extends Reply {
  DirectoryReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public DirectoryReply later() {
    return (DirectoryReply) detach();
  }

  /**
   * Appends a name, if it fits into what the caller asked for.
   *
   * @param mode tells the file type with its upper bits ({@code S_IFMT})
   * @param next cookie of the entry behind this one: what READDIR's offset will be to go on there
   * @return false when the answer is full: send it; this entry is for the next call
   */
  public boolean add(Name name, long ino, int mode, long next) {
    sink.check(this);
    long bytes = DirectoryWriter.paddedBytes(Dirent.SIZE, name.length());
    if (sink.roomUsed() + bytes > Readdir.limit(sink)) {
      return false;
    }
    DirectoryWriter.dirent(sink.room(), sink.roomOffset() + sink.roomUsed(), name, ino, mode, next);
    sink.useRoom(bytes);
    return true;
  }

  /** Answers with the names that were added; none means the end of the directory. */
  public boolean send() {
    sink.check(this);
    long bytes = sink.roomUsed();
    if (bytes > 0) {
      sink.gather(sink.room(), sink.roomOffset(), bytes);
    }
    return sink.send(this, 0);
  }

  /**
   * Answers with entries that were packed before, in the wire format of {@code fuse_dirent}; they
   * must not be more bytes than {@link Readdir.Request#size}.
   */
  public boolean packed(MemorySegment memory, long offset, long length) {
    sink.check(this);
    if (length > Readdir.requestedBytes(sink.frame())) {
      throw new IllegalArgumentException("more bytes than the caller asked for: " + length);
    }
    if (length > 0) {
      sink.gather(memory, offset, length);
    }
    return sink.send(this, 0);
  }
}
