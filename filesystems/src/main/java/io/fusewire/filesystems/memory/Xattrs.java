package io.fusewire.filesystems.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fusewire.linux.sys.Mode;
import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import java.io.ByteArrayOutputStream;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The extended attributes of nodes (xattr(7)), access control lists among them; the kernel checks
 * who may use which.
 */
final class Xattrs {
  private static final int XATTR_CREATE = 1;
  private static final int XATTR_REPLACE = 2;
  private static final int VALUE_BYTES_MAX = 65_536;
  private static final int ATTRIBUTES_MAX = 1024;
  private static final String CAPABILITY = "security.capability";

  /** What an attribute takes besides its name and value, in bytes. */
  private static final long ATTRIBUTE_BYTES = 100;

  private final MetadataSpace space;

  Xattrs(MetadataSpace space) {
    this.space = space;
  }

  /** Every byte string is a Latin-1 text, so names need no class of their own as keys. */
  private static String key(Name name) {
    return new String(name.toBytes(), ISO_8859_1);
  }

  /** A node's attributes, to be changed. The caller holds the node's monitor. */
  static Map<String, byte[]> all(Inode node) {
    Map<String, byte[]> all = node.xattrs;
    if (all == null) {
      all = new TreeMap<>();
      node.xattrs = all;
    }
    return all;
  }

  /** What a node's attributes take, in bytes. The caller holds the node's monitor. */
  static long bytes(Inode node) {
    long bytes = 0;
    for (Map.Entry<String, byte[]> entry : all(node).entrySet()) {
      bytes += bytes(entry.getKey(), entry.getValue());
    }
    return bytes;
  }

  private static long bytes(String key, byte @Nullable [] value) {
    return value == null ? 0 : ATTRIBUTE_BYTES + key.length() + value.length;
  }

  /**
   * Sets an attribute.
   *
   * @param flags of setxattr(2)
   * @param dropSetgid whether an access control list takes set-group-ID away
   */
  void set(Inode node, Name name, byte[] value, int flags, boolean dropSetgid) {
    String key = key(name);
    synchronized (node) {
      boolean there = node.xattrs != null && node.xattrs.containsKey(key);
      if (there && flags == XATTR_CREATE) {
        throw new FuseException(Errno.EEXIST);
      }
      if (!there && flags == XATTR_REPLACE) {
        throw new FuseException(Errno.ENODATA);
      }
      if (key.startsWith("system.")) {
        setList(node, key, value, dropSetgid);
      } else {
        put(node, key, value);
      }
    }
  }

  private void put(Inode node, String key, byte[] value) {
    Map<String, byte[]> all = all(node);
    byte[] old = all.get(key);
    boolean many = old == null && all.size() >= ATTRIBUTES_MAX;
    long bytes = node.metadataBytes - bytes(key, old) + bytes(key, value);
    if (many || value.length > VALUE_BYTES_MAX || !space.resize(node.metadataBytes, bytes)) {
      throw new FuseException(Errno.ENOSPC);
    }
    node.metadataBytes = bytes;
    all.put(key, value);
  }

  /** Access control lists; nothing else in "system." is known. */
  private void setList(Inode node, String key, byte[] value, boolean dropSetgid) {
    if (key.equals(PosixAcl.DEFAULT)) {
      if (node.directory == null) {
        throw new FuseException(Errno.EACCES);
      }
      PosixAcl.of(value);
      put(node, key, value);
      return;
    }
    if (!key.equals(PosixAcl.ACCESS)) {
      throw new FuseException(Errno.EOPNOTSUPP);
    }
    PosixAcl list = PosixAcl.of(value);
    if (list.isOnlyMode()) {
      drop(node, key);
    } else {
      put(node, key, value);
    }
    node.mode = (node.mode & ~0777) | list.mode();
    if (dropSetgid) {
      node.mode &= ~Mode.S_ISGID;
    }
  }

  /** The value of an attribute; ENODATA when there is none. */
  static byte[] get(Inode node, Name name) {
    synchronized (node) {
      byte[] value = node.xattrs == null ? null : node.xattrs.get(key(name));
      if (value == null) {
        throw new FuseException(Errno.ENODATA);
      }
      return value;
    }
  }

  /** The names of all attributes, each with a NUL behind it. */
  static byte[] list(Inode node) {
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    synchronized (node) {
      if (node.xattrs != null) {
        for (String name : node.xattrs.keySet()) {
          names.writeBytes(name.getBytes(ISO_8859_1));
          names.write(0);
        }
      }
    }
    return names.toByteArray();
  }

  /**
   * Removes an attribute; ENODATA when there is none, but an access control list may be missing.
   */
  void remove(Inode node, Name name) {
    String key = key(name);
    synchronized (node) {
      if (!drop(node, key) && !key.equals(PosixAcl.ACCESS) && !key.equals(PosixAcl.DEFAULT)) {
        throw new FuseException(Errno.ENODATA);
      }
    }
  }

  /** Takes file capabilities away, as each change of the content or the owner does. */
  void dropCapability(Inode node) {
    synchronized (node) {
      drop(node, CAPABILITY);
    }
  }

  private boolean drop(Inode node, String key) {
    byte[] gone = node.xattrs == null ? null : node.xattrs.remove(key);
    if (gone == null) {
      return false;
    }
    long bytes = node.metadataBytes - bytes(key, gone);
    space.resize(node.metadataBytes, bytes);
    node.metadataBytes = bytes;
    return true;
  }
}
