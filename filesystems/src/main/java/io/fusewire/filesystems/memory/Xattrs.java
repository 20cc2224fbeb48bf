package io.fusewire.filesystems.memory;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import java.io.ByteArrayOutputStream;
import java.util.TreeMap;

/** The extended attributes of a node (xattr(7)); the kernel checks who may use which. */
final class Xattrs {
  private static final int XATTR_CREATE = 1;
  private static final int XATTR_REPLACE = 2;
  private static final String ACLS = "system.posix_acl_";
  private static final int VALUE_BYTES_MAX = 65_536;
  private static final int ATTRIBUTES_MAX = 1024;

  private Xattrs() {}

  /** Every byte string is a Latin-1 text, so names need no class of their own as keys. */
  private static String key(Name name) {
    return new String(name.toBytes(), ISO_8859_1);
  }

  static void set(Inode node, Name name, byte[] value, int flags) {
    if (key(name).startsWith(ACLS)) {
      throw new FuseException(Errno.EOPNOTSUPP); // kept, it would look as if it were enforced
    }
    synchronized (node) {
      TreeMap<String, byte[]> all = node.xattrs == null ? new TreeMap<>() : node.xattrs;
      boolean there = all.containsKey(key(name));
      if (there && flags == XATTR_CREATE) {
        throw new FuseException(Errno.EEXIST);
      }
      if (!there && flags == XATTR_REPLACE) {
        throw new FuseException(Errno.ENODATA);
      }
      if (value.length > VALUE_BYTES_MAX || (!there && all.size() >= ATTRIBUTES_MAX)) {
        throw new FuseException(Errno.ENOSPC);
      }
      all.put(key(name), value);
      node.xattrs = all;
    }
  }

  static byte[] get(Inode node, Name name) {
    synchronized (node) {
      byte[] value = node.xattrs == null ? null : node.xattrs.get(key(name));
      if (value == null) {
        throw new FuseException(Errno.ENODATA);
      }
      return value;
    }
  }

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

  static void remove(Inode node, Name name) {
    synchronized (node) {
      if (node.xattrs == null || node.xattrs.remove(key(name)) == null) {
        throw new FuseException(Errno.ENODATA);
      }
    }
  }
}
