package io.fusewire.testkit;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.FlockBuffer;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A descriptor that is closed with its block. */
final class OpenFile implements AutoCloseable {
  private final int fd;

  private OpenFile(int fd) {
    this.fd = fd;
  }

  /** Opens or creates with mode 0644. */
  static OpenFile open(Path path, int flags) {
    return of(Calls.open(path, flags, 0644), "open " + path);
  }

  static OpenFile of(long result, String what) {
    return new OpenFile(Check.succeeds(result, what));
  }

  int fd() {
    return fd;
  }

  void write(String text) {
    try (Arena arena = Arena.ofConfined()) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      long written = FileCalls.write(fd, copy(arena, bytes), bytes.length);
      Check.equal(bytes.length, written, "write");
    }
  }

  void writeAt(long offset, byte[] bytes) {
    try (Arena arena = Arena.ofConfined()) {
      long written = FileCalls.pwrite(fd, copy(arena, bytes), bytes.length, offset);
      Check.equal(bytes.length, written, "pwrite");
    }
  }

  private static long copy(Arena arena, byte[] bytes) {
    MemorySegment data = arena.allocate(Math.max(1, bytes.length));
    MemorySegment.copy(bytes, 0, data, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return data.address();
  }

  /** What pread(2) gives of this range. */
  byte[] readAt(long offset, int length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(Math.max(1, length));
      int read = Check.succeeds(FileCalls.pread(fd, data.address(), length, offset), "pread");
      return data.asSlice(0, read).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  String text() {
    return new String(readAt(0, 1 << 16), StandardCharsets.UTF_8);
  }

  long seek(long offset, int whence) {
    return FileCalls.lseek(fd, offset, whence);
  }

  /** Sets or asks for a lock on a range that belongs to this open file. */
  int lock(int command, int type, long start) {
    MemorySegment lock = NativeMemory.allocate(FlockBuffer.BYTES);
    try {
      FlockBuffer.TYPE.set(lock, 0, type);
      FlockBuffer.START.set(lock, 0, start);
      FlockBuffer.LENGTH.set(lock, 0, 10);
      int result = FileCalls.fcntl(fd, command, lock.address());
      return command == Fcntl.OFD_GETLK && result == 0 ? FlockBuffer.TYPE.get(lock, 0) : result;
    } finally {
      NativeMemory.free(lock);
    }
  }

  /** Gives a file without a name one. */
  int linkTo(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      long self = CString.of(arena, "/proc/self/fd/" + fd).address();
      long name = CString.of(arena, path.toString()).address();
      return NameCalls.linkat(At.FDCWD, self, At.FDCWD, name, At.SYMLINK_FOLLOW);
    }
  }

  @Override
  public void close() {
    Check.succeeds(FileCalls.close(fd), "close");
  }
}
