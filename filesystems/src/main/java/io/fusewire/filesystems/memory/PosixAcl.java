package io.fusewire.filesystems.memory;

import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * An access control list as the kernel stores it in an extended attribute (acl(5)): a version and
 * entries of tag, permissions and id. The kernel decides who may do what by it; the file system
 * keeps it in step with the permission bits and hands it down to new files.
 */
final class PosixAcl {
  static final String ACCESS = "system.posix_acl_access";
  static final String DEFAULT = "system.posix_acl_default";

  private static final int VERSION = 2;
  private static final int HEADER_BYTES = 4;
  private static final int ENTRY_BYTES = 8;

  private static final int USER_OBJ = 1;
  private static final int USER = 2;
  private static final int GROUP_OBJ = 4;
  private static final int GROUP = 8;
  private static final int MASK = 0x10;
  private static final int OTHER = 0x20;

  private final byte[] bytes;
  private final int owner;
  private final int group;
  private final int other;

  /** Where the entries start that stand for the three classes of permission bits. */
  private PosixAcl(byte[] bytes, int owner, int group, int other) {
    this.bytes = bytes;
    this.owner = owner;
    this.group = group;
    this.other = other;
  }

  /** Takes an attribute's value, which is copied; EINVAL when it is no list. */
  static PosixAcl of(byte[] value) {
    ByteBuffer buffer = buffer(value);
    if (value.length < HEADER_BYTES
        || (value.length - HEADER_BYTES) % ENTRY_BYTES != 0
        || buffer.getInt(0) != VERSION) {
      throw new FuseException(Errno.EINVAL);
    }
    int owner = find(buffer, USER_OBJ);
    int group = find(buffer, GROUP_OBJ);
    int mask = find(buffer, MASK);
    int other = find(buffer, OTHER);
    boolean extended = find(buffer, USER) >= 0 || find(buffer, GROUP) >= 0;
    if (owner < 0 || group < 0 || other < 0 || (extended && mask < 0)) {
      throw new FuseException(Errno.EINVAL);
    }
    return new PosixAcl(value.clone(), owner, mask < 0 ? group : mask, other);
  }

  private static ByteBuffer buffer(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int find(ByteBuffer buffer, int tag) {
    for (int at = HEADER_BYTES; at < buffer.capacity(); at += ENTRY_BYTES) {
      if (buffer.getShort(at) == tag) {
        return at;
      }
    }
    return -1;
  }

  /** True when the permission bits say all that the list says. */
  boolean isOnlyMode() {
    return bytes.length == HEADER_BYTES + 3 * ENTRY_BYTES;
  }

  /** The nine permission bits that belong to the list. */
  int mode() {
    return permissions(owner) << 6 | permissions(group) << 3 | permissions(other);
  }

  private int permissions(int entry) {
    return buffer(bytes).getShort(entry + 2) & 7;
  }

  /** The same list after chmod(2). */
  PosixAcl withMode(int mode) {
    byte[] changed = bytes.clone();
    ByteBuffer buffer = buffer(changed);
    buffer.putShort(owner + 2, (short) (mode >> 6 & 7));
    buffer.putShort(group + 2, (short) (mode >> 3 & 7));
    buffer.putShort(other + 2, (short) (mode & 7));
    return new PosixAcl(changed, owner, group, other);
  }

  /** The attribute's value. */
  byte[] toBytes() {
    return bytes.clone();
  }

  /** Follows a change of a node's permission bits. The caller holds the node's monitor. */
  static void changeMode(Inode node) {
    byte[] access = attribute(node, ACCESS);
    if (access != null) {
      put(node, ACCESS, of(access).withMode(node.mode).toBytes());
    }
  }

  /**
   * Gives a new node what its parent hands down: the default list, or else nothing but the umask. A
   * node that nobody else knows yet.
   */
  static void inherit(Inode made, Inode parent, int umask) {
    byte[] handedDown;
    synchronized (parent) {
      handedDown = attribute(parent, DEFAULT);
    }
    if (handedDown == null) {
      made.mode &= ~umask;
      return;
    }
    PosixAcl inherited = of(handedDown);
    PosixAcl access = inherited.withMode(inherited.mode() & made.mode);
    made.mode = (made.mode & ~0777) | access.mode();
    if (!access.isOnlyMode()) {
      put(made, ACCESS, access.toBytes());
    }
    if (made.directory != null) {
      put(made, DEFAULT, handedDown);
    }
    made.metadataBytes = Xattrs.bytes(made);
  }

  private static byte @Nullable [] attribute(Inode node, String key) {
    return node.xattrs == null ? null : node.xattrs.get(key);
  }

  private static void put(Inode node, String key, byte[] value) {
    Xattrs.all(node).put(key, value);
  }
}
