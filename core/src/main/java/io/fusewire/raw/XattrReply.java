package io.fusewire.raw;

import io.fusewire.wire.Errno;
import java.lang.foreign.MemorySegment;

/** The answer to GETXATTR and LISTXATTR, which ask for a size or for the bytes. */
public final class XattrReply extends Reply {
  XattrReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public XattrReply later() {
    return (XattrReply) detach();
  }

  /** True when the caller only wants to know the size. */
  public boolean wantsSize() {
    return Getxattr.requestedBytes(sink.frame()) == 0;
  }

  /**
   * Answers with a value, or with its size, or with ERANGE, as the request asks.
   *
   * @param value of the attribute, or the list of names, each ended by NUL
   */
  public boolean value(byte[] value) {
    return value(MemorySegment.ofArray(value), 0, value.length);
  }

  /** The same for bytes that lie anywhere; native memory is not copied. */
  public boolean value(MemorySegment memory, long offset, long length) {
    sink.check(this);
    if (wantsSize()) {
      return size((int) length);
    }
    if (length > Integer.toUnsignedLong(Getxattr.requestedBytes(sink.frame()))) {
      return error(Errno.ERANGE);
    }
    if (length > 0) {
      sink.gather(memory, offset, length);
    }
    return sink.send(this, 0);
  }

  /** Answers the question for the size, in bytes. */
  public boolean size(int bytes) {
    sink.check(this);
    Getxattr.OUT_SIZE.set(sink.result(), sink.resultOffset(), bytes);
    Getxattr.OUT_PADDING.set(sink.result(), sink.resultOffset(), 0);
    return sink.send(this, Getxattr.OUT_BYTES);
  }

  /** Memory in which the value can be produced without a copy; starts at {@link #roomOffset}. */
  public MemorySegment room() {
    sink.check(this);
    return sink.room();
  }

  /** Where the value starts in {@link #room}. */
  public long roomOffset() {
    return sink.roomOffset();
  }

  /** Answers with the first bytes of {@link #room}. */
  public boolean produced(long bytes) {
    return value(sink.room(), sink.roomOffset(), bytes);
  }
}
