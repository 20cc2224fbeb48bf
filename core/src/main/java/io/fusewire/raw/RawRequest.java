package io.fusewire.raw;

import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.InHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What every request carries: who asks, and for which node.
 *
 * <p>A request is a view of the memory it arrived in. It is valid until it is answered, from any
 * thread; after that its fields belong to another request. Copy what must last.
 */
public abstract class RawRequest {
  /** Extension record type of supplementary groups ({@code FUSE_EXT_GROUPS}). */
  private static final int EXTENSION_GROUPS = 32;

  private static final int EXTENSION_HEADER_BYTES = 8;

  final Frame frame;
  final MemorySegment head;
  final long arguments;

  RawRequest(Frame frame) {
    this.frame = frame;
    this.head = frame.head();
    this.arguments = frame.arguments();
  }

  /** The id of this request; even, and never reused while the connection lives. */
  public final long unique() {
    return frame.unique();
  }

  /** The opcode's number. */
  public final int opcode() {
    return frame.opcode();
  }

  /** The node the request is about; the parent directory where the request carries a name. */
  public long nodeId() {
    return InHeader.NODEID.get(head, frame.header());
  }

  /** The caller's file system user id; 0xffffffff (-1) when idmapping gives none. */
  public final int uid() {
    return InHeader.UID.get(head, frame.header());
  }

  /** The caller's file system group id; 0xffffffff (-1) when idmapping gives none. */
  public final int gid() {
    return InHeader.GID.get(head, frame.header());
  }

  /** The caller's process id in our pid namespace; 0 for the kernel's own requests. */
  public final int pid() {
    return InHeader.PID.get(head, frame.header());
  }

  /**
   * The number of supplementary groups in the request: with CREATE_SUPP_GROUP the kernel sends the
   * one that matches the parent directory, otherwise 0.
   */
  public final int supplementaryGroupCount() {
    long groups = extension(EXTENSION_GROUPS);
    if (groups < 0) {
      return 0;
    }
    long count = Integer.toUnsignedLong(int32(groups));
    long fits = (Integer.toUnsignedLong(int32(groups - 8)) - 12) / Integer.BYTES;
    return (int) Math.min(count, fits);
  }

  /** The supplementary group with this index. */
  public final int supplementaryGroup(int index) {
    if (index < 0 || index >= supplementaryGroupCount()) {
      throw new IndexOutOfBoundsException("supplementary group " + index);
    }
    return int32(extension(EXTENSION_GROUPS) + Integer.BYTES * (1L + index));
  }

  private int int32(long offset) {
    return frame.body().get(ValueLayout.JAVA_INT_UNALIGNED, offset);
  }

  /** Where the body of the extension record of this type starts, or -1. */
  private long extension(int type) {
    long position = frame.extensions();
    long end = position + frame.extensionBytes();
    while (position + EXTENSION_HEADER_BYTES + Integer.BYTES <= end) {
      long size = Integer.toUnsignedLong(int32(position));
      if (size < EXTENSION_HEADER_BYTES + Integer.BYTES || position + size > end) {
        return -1;
      }
      if (int32(position + Integer.BYTES) == type) {
        return position + EXTENSION_HEADER_BYTES;
      }
      position += (size + 7) & ~7L;
    }
    return -1;
  }

  /** True when the data that the arguments announce is there; by default none is announced. */
  boolean dataFits() {
    return true;
  }

  /** True for data that nobody waits for. */
  boolean isBackground() {
    return false;
  }

  /** The most bytes of data that the kernel takes in the answer; by default none. */
  public long replyBytes() {
    return 0;
  }

  /** Appends the operation's own fields, for traces; by default nothing. */
  void describe(StringBuilder text) {}

  /** A mode or the flags of open(2) as C writes them, with a leading zero. */
  static String octal(int value) {
    return value == 0 ? "0" : "0" + Integer.toOctalString(value);
  }

  /** One line for people: opcode, unique, node, caller, fields. */
  @Override
  public final String toString() {
    StringBuilder text = new StringBuilder(Opcode.describe(opcode()));
    text.append(" unique=").append(unique()).append(" node=").append(nodeId());
    text.append(" uid=").append(uid()).append(" gid=").append(gid()).append(" pid=").append(pid());
    describe(text);
    return text.toString();
  }
}
