package io.fusewire.testkit;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.StatxBuffer;
import io.fusewire.linux.sys.TimespecBuffer;
import io.fusewire.linux.sys.XattrCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** System calls on paths; every method returns what the kernel says: at least 0, or -errno. */
final class Calls {
  private Calls() {}

  private static long path(Arena arena, Path path) {
    return CString.of(arena, path.toString()).address();
  }

  static int open(Path path, int flags, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.openat(At.FDCWD, path(arena, path), flags, mode);
    }
  }

  static int mkdir(Path path, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.mkdirat(At.FDCWD, path(arena, path), mode);
    }
  }

  static int mknod(Path path, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.mknodat(At.FDCWD, path(arena, path), mode, 0);
    }
  }

  static int unlink(Path path) {
    return unlink(path, 0);
  }

  static int rmdir(Path path) {
    return unlink(path, At.REMOVEDIR);
  }

  private static int unlink(Path path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.unlinkat(At.FDCWD, path(arena, path), flags);
    }
  }

  static int rename(Path from, Path to, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.renameat2(At.FDCWD, path(arena, from), At.FDCWD, path(arena, to), flags);
    }
  }

  static int link(Path from, Path to, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.linkat(At.FDCWD, path(arena, from), At.FDCWD, path(arena, to), flags);
    }
  }

  static int symlink(String target, Path path) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.symlinkat(CString.of(arena, target).address(), At.FDCWD, path(arena, path));
    }
  }

  static int chmod(Path path, int mode) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.fchmodat(At.FDCWD, path(arena, path), mode, 0);
    }
  }

  static int truncate(Path path, long size) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.truncate(path(arena, path), size);
    }
  }

  /** Sets both times; a time is seconds and nanoseconds. */
  static int times(Path path, long[] access, long[] modification) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment times = arena.allocate(2 * TimespecBuffer.BYTES, Long.BYTES);
      TimespecBuffer.SECONDS.set(times, 0, access[0]);
      TimespecBuffer.NANOS.set(times, 0, access[1]);
      TimespecBuffer.SECONDS.set(times, TimespecBuffer.BYTES, modification[0]);
      TimespecBuffer.NANOS.set(times, TimespecBuffer.BYTES, modification[1]);
      return NameCalls.utimensat(At.FDCWD, path(arena, path), times.address(), 0);
    }
  }

  /** What statx(2) says without following a symbolic link. */
  static Stat stat(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      return stat(arena, At.FDCWD, path(arena, path), At.SYMLINK_NOFOLLOW);
    }
  }

  /** What statx(2) says about an open file. */
  static Stat stat(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      return stat(arena, fd, CString.of(arena, "").address(), At.EMPTY_PATH);
    }
  }

  private static Stat stat(Arena arena, int fd, long name, int flags) {
    MemorySegment buffer = arena.allocate(StatxBuffer.BYTES, Long.BYTES);
    int result = NameCalls.statx(fd, name, flags, StatxBuffer.BASIC_STATS, buffer.address());
    Check.succeeds(result, "statx");
    long access = StatxBuffer.ATIME.offset();
    long modification = StatxBuffer.MTIME.offset();
    return new Stat(
        StatxBuffer.INO.get(buffer, 0),
        StatxBuffer.MODE.get(buffer, 0),
        StatxBuffer.NLINK.get(buffer, 0),
        StatxBuffer.SIZE.get(buffer, 0),
        StatxBuffer.BLOCKS.get(buffer, 0),
        StatxBuffer.GID.get(buffer, 0),
        buffer.get(ValueLayout.JAVA_LONG, access),
        buffer.get(ValueLayout.JAVA_INT, access + Long.BYTES),
        buffer.get(ValueLayout.JAVA_LONG, modification),
        buffer.get(ValueLayout.JAVA_INT, modification + Long.BYTES));
  }

  /** Attributes of a file; times in seconds and nanoseconds. */
  record Stat(
      long ino,
      int mode,
      int nlink,
      long size,
      long blocks,
      int gid,
      long accessSeconds,
      int accessNanos,
      long modifiedSeconds,
      int modifiedNanos) {}

  static int setxattr(Path path, String name, byte[] value, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(Math.max(1, value.length));
      MemorySegment.copy(value, 0, data, ValueLayout.JAVA_BYTE, 0, value.length);
      long attribute = CString.of(arena, name).address();
      return XattrCalls.setxattr(path(arena, path), attribute, data.address(), value.length, flags);
    }
  }

  /** The length; with a room of 0 bytes the call only asks for it. */
  static long getxattr(Path path, String name, int room) {
    try (Arena arena = Arena.ofConfined()) {
      long data = arena.allocate(Math.max(1, room)).address();
      return XattrCalls.getxattr(path(arena, path), CString.of(arena, name).address(), data, room);
    }
  }

  static byte[] xattr(Path path, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(1 << 16);
      int length =
          Check.succeeds(
              XattrCalls.getxattr(
                  path(arena, path),
                  CString.of(arena, name).address(),
                  data.address(),
                  data.byteSize()),
              "getxattr " + name);
      return data.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /** The names, each with a NUL behind it. */
  static String listxattr(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(1 << 16);
      int length =
          Check.succeeds(
              XattrCalls.listxattr(path(arena, path), data.address(), data.byteSize()),
              "listxattr");
      return new String(
          data.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
  }

  static int removexattr(Path path, String name) {
    try (Arena arena = Arena.ofConfined()) {
      return XattrCalls.removexattr(path(arena, path), CString.of(arena, name).address());
    }
  }
}
