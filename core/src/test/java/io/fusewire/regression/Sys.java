package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.XattrCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** System calls on paths: 0 or more, or a negative errno, which Java's own file API hides. */
final class Sys {
  private static final int F_SETLK = 6;
  private static final short F_WRLCK = 1;
  private static final int FLOCK_BYTES = 32;
  private static final int FLOCK_LENGTH = 16;

  private Sys() {}

  static int open(Path path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.openat(At.FDCWD, text(arena, path), flags, 0644);
    }
  }

  /** Opens what must be there. */
  static int opened(Path path, int flags) {
    int fd = open(path, flags);
    assertThat(fd).as("open(" + path + ")").isNotNegative();
    return fd;
  }

  static int unlink(Path path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.unlinkat(At.FDCWD, text(arena, path), flags);
    }
  }

  static int rename(Path from, Path to, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.renameat2(At.FDCWD, text(arena, from), At.FDCWD, text(arena, to), flags);
    }
  }

  static int access(Path path, int mask) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.faccessat(At.FDCWD, text(arena, path), mask, 0);
    }
  }

  static int setxattr(Path path, String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      long bytes = CString.of(arena, value).address();
      return XattrCalls.setxattr(text(arena, path), text(arena, name), bytes, value.length(), 0);
    }
  }

  static int removexattr(Path path, String name) {
    try (Arena arena = Arena.ofConfined()) {
      return XattrCalls.removexattr(text(arena, path), text(arena, name));
    }
  }

  /** The bytes that getxattr(2) copied, or listxattr(2) when the name is empty. */
  static byte[] xattr(Path path, String name, int room) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(room);
      long length = xattr(arena, path, name, memory);
      assertThat(length).as("bytes of " + name).isNotNegative();
      return memory.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /** What getxattr(2) returns with this much room, or listxattr(2) when the name is empty. */
  static long xattrResult(Path path, String name, int room) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = room == 0 ? MemorySegment.NULL : arena.allocate(room);
      return xattr(arena, path, name, memory);
    }
  }

  private static long xattr(Arena arena, Path path, String name, MemorySegment memory) {
    return name.isEmpty()
        ? XattrCalls.listxattr(text(arena, path), memory.address(), memory.byteSize())
        : XattrCalls.getxattr(
            text(arena, path), text(arena, name), memory.address(), memory.byteSize());
  }

  /** Takes a write lock of the whole file; does not wait. */
  static int lock(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment flock = arena.allocate(FLOCK_BYTES, Long.BYTES);
      flock.set(ValueLayout.JAVA_SHORT, 0, F_WRLCK);
      flock.set(ValueLayout.JAVA_LONG, FLOCK_LENGTH, 0);
      return FileCalls.fcntl(fd, F_SETLK, flock.address());
    }
  }

  /** Writes all bytes with one write(2). */
  static long write(int fd, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, bytes);
      return FileCalls.write(fd, memory.address(), bytes.length);
    }
  }

  /** Asks for the attributes; the path is made once by the caller. */
  static int stat(long path, long statxAddress) {
    return NameCalls.statx(At.FDCWD, path, 0, 0x7ff, statxAddress);
  }

  private static long text(Arena arena, Object text) {
    return CString.of(arena, text.toString()).address();
  }
}
