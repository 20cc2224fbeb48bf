package io.fusewire.filesystems.memory;

import io.fusewire.linux.sys.Open;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Ioctl;
import io.fusewire.raw.IoctlReply;
import io.fusewire.raw.Setattr;
import io.fusewire.wire.Errno;
import io.fusewire.wire.flag.SetattrFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The flags of chattr(1) (ioctl_iflags(2)) that tmpfs has as well: immutable, append-only, no dump,
 * no access times. The kernel checks who may set them, but does not know them of a FUSE file: what
 * they forbid is refused here, with EPERM.
 */
final class FileFlags {
  private static final int IMMUTABLE = 0x10;
  private static final int APPEND = 0x20;
  private static final int NODUMP = 0x40;
  private static final int NOATIME = 0x80;
  private static final int INHERITED = NODUMP | NOATIME;
  private static final int KNOWN = IMMUTABLE | APPEND | NODUMP | NOATIME;

  private static final int GETFLAGS = 0x80086601;
  private static final int SETFLAGS = 0x40086602;
  private static final int FSGETXATTR = 0x801c581f;
  private static final int FSSETXATTR = 0x401c5820;

  /** Of {@code struct fsxattr}, whose first word are flags with bits of their own. */
  private static final int FSXATTR_BYTES = 28;

  /** Pairs of a flag and its bit in {@code struct fsxattr}. */
  private static final int[][] XFLAGS = {
    {IMMUTABLE, 0x8}, {APPEND, 0x10}, {NOATIME, 0x40}, {NODUMP, 0x80}
  };

  private static final int FALLOCATE_KEEP_SIZE = 1;

  private FileFlags() {}

  /** Serves the commands that get and set flags, in both forms; ENOTTY for all others. */
  static void ioctl(Inode node, Ioctl.Request request, IoctlReply reply) {
    switch (request.command()) {
      case GETFLAGS -> answer(node.flags, Integer.BYTES, request, reply);
      case FSGETXATTR -> answer(translate(node.flags, 0, 1), FSXATTR_BYTES, request, reply);
      case SETFLAGS -> set(node, input(request), reply);
      case FSSETXATTR -> set(node, translateBack(input(request)), reply);
      default -> throw new FuseException(Errno.ENOTTY);
    }
  }

  private static void answer(int flags, int bytes, Ioctl.Request request, IoctlReply reply) {
    int[] words = new int[bytes / Integer.BYTES];
    words[0] = flags;
    reply.result(0, MemorySegment.ofArray(words), 0, Math.min(bytes, request.outputBytes()));
  }

  private static int input(Ioctl.Request request) {
    if (request.inputBytes() < Integer.BYTES) {
      throw new FuseException(Errno.EINVAL);
    }
    return request.input().get(ValueLayout.JAVA_INT_UNALIGNED, request.inputOffset());
  }

  private static void set(Inode node, int flags, IoctlReply reply) {
    if ((flags & ~KNOWN) != 0) {
      throw new FuseException(Errno.EOPNOTSUPP);
    }
    node.flags = flags;
    reply.result(0);
  }

  private static int translateBack(int xflags) {
    int flags = translate(xflags, 1, 0);
    if (translate(flags, 0, 1) != xflags) {
      throw new FuseException(Errno.EOPNOTSUPP);
    }
    return flags;
  }

  private static int translate(int flags, int from, int to) {
    int translated = 0;
    for (int[] pair : XFLAGS) {
      translated |= (flags & pair[from]) != 0 ? pair[to] : 0;
    }
    return translated;
  }

  /** Hands down what new nodes get of their directory's flags. */
  static void inherit(Inode made, Inode parent) {
    made.flags = parent.flags & INHERITED;
  }

  /** True when reading leaves the access time alone. */
  static boolean keepAccessTime(Inode node) {
    return (node.flags & NOATIME) != 0;
  }

  private static void refuse(Inode node, int flags) {
    if ((node.flags & flags) != 0) {
      throw new FuseException(Errno.EPERM);
    }
  }

  /** Before a name, a link or an attribute of the node changes, and before a name goes from it. */
  static void checkChange(Inode node) {
    refuse(node, IMMUTABLE | APPEND);
  }

  /** Before the content changes, and before a name is added to a directory. */
  static void checkAdd(Inode node) {
    refuse(node, IMMUTABLE);
  }

  static void checkOpen(Inode node, int openFlags) {
    if ((openFlags & Open.ACCMODE) != 0) {
      refuse(node, IMMUTABLE);
    }
    boolean overwrites = (openFlags & Open.ACCMODE) != 0 && (openFlags & Open.APPEND) == 0;
    if (overwrites || (openFlags & Open.TRUNC) != 0) {
      refuse(node, APPEND);
    }
  }

  static void checkAllocate(Inode node, int mode) {
    refuse(node, (mode & ~FALLOCATE_KEEP_SIZE) == 0 ? IMMUTABLE : IMMUTABLE | APPEND);
  }

  static void checkSetattr(Inode node, Setattr.Request request) {
    boolean setsTime =
        (request.sets(SetattrFlags.ATIME) && !request.sets(SetattrFlags.ATIME_NOW))
            || (request.sets(SetattrFlags.MTIME) && !request.sets(SetattrFlags.MTIME_NOW));
    boolean changes =
        request.sets(SetattrFlags.MODE)
            || request.sets(SetattrFlags.UID)
            || request.sets(SetattrFlags.GID)
            || request.sets(SetattrFlags.SIZE);
    refuse(node, setsTime || changes ? IMMUTABLE | APPEND : IMMUTABLE);
  }
}
