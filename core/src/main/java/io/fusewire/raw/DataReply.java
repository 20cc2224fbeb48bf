package io.fusewire.raw;

import io.fusewire.wire.Opcode;
import java.lang.foreign.MemorySegment;

/** The answer to READ and READLINK: bytes. */
public final class DataReply extends Reply {
  /** The number of parts that {@link #add} takes. */
  public static final int PARTS_MAX = 512;

  DataReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public DataReply later() {
    return (DataReply) detach();
  }

  /** The largest number of bytes the kernel takes; data beyond it is cut off. */
  public long limit() {
    boolean read = sink.frame().opcode() == Opcode.READ.number();
    return read ? Read.requestedBytes(sink.frame()) : sink.roomBytes();
  }

  /**
   * Appends memory to the answer without copying it, if it is native; it must stay alive and
   * unchanged until {@link #send}. At most {@value #PARTS_MAX} parts.
   */
  public DataReply add(MemorySegment memory, long offset, long length) {
    sink.check(this);
    long fits = Math.min(length, limit() - sink.gathered());
    if (fits > 0) {
      sink.gather(memory, offset, fits);
    }
    return this;
  }

  /** Answers with what was added; nothing means end of file. */
  public boolean send() {
    return sink.send(this, 0);
  }

  /** Answers with these bytes. */
  public boolean data(MemorySegment memory, long offset, long length) {
    return add(memory, offset, length).send();
  }

  /** Answers with these bytes; for READLINK. */
  public boolean data(byte[] bytes) {
    return data(MemorySegment.ofArray(bytes), 0, bytes.length);
  }

  /** Answers a READ at this offset of a file whose whole content is this. */
  public boolean data(byte[] content, long offset) {
    long start = Math.clamp(offset, 0, content.length);
    return data(MemorySegment.ofArray(content), start, content.length - start);
  }

  /** Answers with no bytes: the offset is at or behind the end of the file. */
  public boolean endOfFile() {
    return sink.send(this, 0);
  }

  /**
   * Memory in which at least {@link #limit} bytes of the answer can be produced without a copy,
   * page aligned; finish with {@link #produced}. Starts at {@link #roomOffset}.
   */
  public MemorySegment room() {
    sink.check(this);
    return sink.room();
  }

  /** Where the answer starts in {@link #room}. */
  public long roomOffset() {
    return sink.roomOffset();
  }

  /** Answers with the first bytes of {@link #room}. */
  public boolean produced(long bytes) {
    return data(sink.room(), sink.roomOffset(), bytes);
  }
}
