package io.fusewire.wire;

import io.fusewire.wire.struct.InHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * One request in memory, in the three parts every transport can deliver: header, arguments,
 * payload.
 *
 * <p>On {@code /dev/fuse} the parts lie behind each other in one buffer; on io_uring header and
 * arguments lie in one block and the payload in another. The payload holds the names (each ended by
 * NUL) or the data, then the extensions. A frame belongs to one request slot and is used by one
 * thread at a time.
 */
public final class Frame {
  /** The largest number of names in one request: old and new of a rename, name and target. */
  private static final int NAMES_MAX = 2;

  /** As the payload's offset: behind the arguments. */
  private static final long BEHIND = -1;

  private final MemorySegment head;
  private final long headerOffset;
  private final long argumentsOffset;
  private final MemorySegment body;
  private final long fixedPayload;
  private final Name[] names = {new Name(), new Name()};
  private long argumentBytes;
  private long payloadOffset;
  private int payloadLength;
  private long dataOffset;
  private int extensionBytes;

  /**
   * A frame over fixed memory whose payload follows the arguments.
   *
   * @param head holds header and arguments at the given offsets
   * @param body holds the payload; the same segment as {@code head} on {@code /dev/fuse}
   */
  public Frame(MemorySegment head, long headerOffset, long argumentsOffset, MemorySegment body) {
    this(head, headerOffset, argumentsOffset, body, BEHIND);
  }

  /** A frame over fixed memory whose payload lies at an offset of {@code body} of its own. */
  public Frame(
      MemorySegment head,
      long headerOffset,
      long argumentsOffset,
      MemorySegment body,
      long payloadOffset) {
    this.head = head;
    this.headerOffset = headerOffset;
    this.argumentsOffset = argumentsOffset;
    this.body = body;
    this.fixedPayload = payloadOffset;
  }

  /** The memory of header and arguments. */
  public MemorySegment head() {
    return head;
  }

  /** Where the header starts in {@link #head}. */
  public long header() {
    return headerOffset;
  }

  /** Where the operation's own struct starts in {@link #head}. */
  public long arguments() {
    return argumentsOffset;
  }

  /** The memory of the payload. */
  public MemorySegment body() {
    return body;
  }

  /** Where the payload of a request lies whose arguments have this many bytes. */
  public long payloadAfter(long argumentLength) {
    return fixedPayload == BEHIND ? argumentsOffset + argumentLength : fixedPayload;
  }

  /** The opcode's number. */
  public int opcode() {
    return InHeader.OPCODE.get(head, headerOffset);
  }

  /** The request's id. */
  public long unique() {
    return InHeader.UNIQUE.get(head, headerOffset);
  }

  /** The node it is about. */
  public long nodeId() {
    return InHeader.NODEID.get(head, headerOffset);
  }

  /** The length in bytes that the kernel wrote into the header. */
  public int length() {
    return InHeader.LEN.get(head, headerOffset);
  }

  /** Where the names or the data start in {@link #body}. */
  public long payload() {
    return payloadOffset;
  }

  /** Bytes of names and data, extensions not included. */
  public int payloadLength() {
    return payloadLength;
  }

  /** Where the extensions start in {@link #body}. */
  public long extensions() {
    return payloadOffset + payloadLength;
  }

  /** Bytes of extensions, often 0. */
  public int extensionBytes() {
    return extensionBytes;
  }

  /** Where the data behind the names starts in {@link #body}. */
  public long data() {
    return dataOffset;
  }

  /** Bytes of data behind the names. */
  public int dataLength() {
    return (int) (payloadOffset + payloadLength - dataOffset);
  }

  /** The name with this index; valid after {@link #parseNames}. */
  public Name name(int index) {
    return names[index];
  }

  /** Bytes of the operation's own struct that the kernel sent. */
  public long argumentBytes() {
    return argumentBytes;
  }

  /**
   * Takes in how long the arguments are and where the payload lies.
   *
   * @param bytes of the payload with its extensions
   * @return false when the extensions do not fit into it
   */
  public boolean setParts(long argumentLength, long offset, int bytes) {
    argumentBytes = argumentLength;
    int extension = InHeader.TOTAL_EXTLEN.get(head, headerOffset) * Long.BYTES;
    if (bytes < extension) {
      return false;
    }
    payloadOffset = offset;
    payloadLength = bytes - extension;
    extensionBytes = extension;
    dataOffset = offset;
    return true;
  }

  /** Finds the NUL-terminated names at the payload's start; false when one has no end. */
  public boolean parseNames(int count) {
    if (count > NAMES_MAX) {
      throw new IllegalArgumentException("a request has at most " + NAMES_MAX + " names");
    }
    long position = payloadOffset;
    long end = payloadOffset + payloadLength;
    for (int i = 0; i < count; i++) {
      long nul = position;
      while (nul < end && body.get(ValueLayout.JAVA_BYTE, nul) != 0) {
        nul++;
      }
      if (nul == end) {
        return false;
      }
      names[i].view(body, position, (int) (nul - position));
      position = nul + 1;
    }
    dataOffset = position;
    return true;
  }
}
