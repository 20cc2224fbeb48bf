package io.fusewire.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A file name as the kernel knows it: bytes, without the terminating NUL.
 *
 * <p>Two names are equal when their bytes are. A name taken from a request is a view of the
 * request's memory and becomes invalid with the answer; {@link #copy} makes one that lasts and may
 * be a map key. Views may look up such keys. Not for concurrent use while it is a view.
 */
public final class Name {
  private MemorySegment memory;
  private long offset;
  private int length;
  private int hash;

  /** Makes a view of nothing; for request memory that is filled later. */
  public Name() {
    this.memory = MemorySegment.NULL;
  }

  private Name(byte[] bytes) {
    this.memory = MemorySegment.ofArray(bytes);
    this.length = bytes.length;
  }

  /** A name with a copy of these bytes. */
  public static Name of(byte[] bytes) {
    return new Name(bytes.clone());
  }

  /** A name with the UTF-8 bytes of this text. */
  public static Name of(String text) {
    return new Name(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Points this view at {@code length} bytes of a request's memory. For the library only. */
  public void view(MemorySegment segment, long start, int bytes) {
    memory = segment;
    offset = start;
    length = bytes;
    hash = 0;
  }

  /** The number of bytes. */
  public int length() {
    return length;
  }

  /** The byte at this index, which is smaller than {@link #length}. */
  public byte byteAt(int index) {
    if (index < 0 || index >= length) {
      throw new IndexOutOfBoundsException("byte " + index + " of a name of " + length);
    }
    return memory.get(ValueLayout.JAVA_BYTE, offset + index);
  }

  /** The memory that holds the bytes, from {@link #offset}; saves a copy. */
  public MemorySegment memory() {
    return memory;
  }

  /** Where the bytes start in {@link #memory}. */
  public long offset() {
    return offset;
  }

  /** The same name in memory of its own. */
  public Name copy() {
    return new Name(toBytes());
  }

  /** A new array with the bytes. */
  public byte[] toBytes() {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    return bytes;
  }

  /** True when the bytes are the ASCII characters of this text; allocates nothing. */
  public boolean contentEquals(String ascii) {
    if (ascii.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (byteAt(i) != (byte) ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public int hashCode() {
    int h = hash;
    if (h == 0 && length > 0) {
      for (int i = 0; i < length; i++) {
        h = 31 * h + memory.get(ValueLayout.JAVA_BYTE, offset + i);
      }
      hash = h;
    }
    return h;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Name that
        && length == that.length
        && MemorySegment.mismatch(
                memory,
                offset,
                offset + length,
                that.memory,
                that.offset,
                that.offset + that.length)
            < 0;
  }

  /** The bytes read as UTF-8, for people. */
  @Override
  public String toString() {
    return new String(toBytes(), StandardCharsets.UTF_8);
  }
}
