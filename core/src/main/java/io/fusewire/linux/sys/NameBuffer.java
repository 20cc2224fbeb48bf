package io.fusewire.linux.sys;

import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Native memory for one NUL-terminated name or path at a time, filled again and again without
 * allocation. Owned by one thread at a time.
 */
public final class NameBuffer {
  /** What the kernel accepts as a path, with its NUL. */
  public static final int PATH_MAX = 4096;

  private static final byte[] PROC = "/proc/self/fd/".getBytes(StandardCharsets.US_ASCII);

  private final MemorySegment memory;

  /** Takes {@link #PATH_MAX} bytes from this arena. */
  public NameBuffer(Arena arena) {
    memory = arena.allocate(PATH_MAX);
  }

  /** Where the name is. */
  public long address() {
    return memory.address();
  }

  /**
   * Puts a name here in place of the last one.
   *
   * @return its address, or -EINVAL when it holds a NUL, or -ENAMETOOLONG
   */
  public long put(byte[] name) {
    if (name.length >= PATH_MAX) {
      return -Errno.ENAMETOOLONG;
    }
    for (byte b : name) {
      if (b == 0) {
        return -Errno.EINVAL;
      }
    }
    MemorySegment.copy(name, 0, memory, ValueLayout.JAVA_BYTE, 0, name.length);
    memory.set(ValueLayout.JAVA_BYTE, name.length, (byte) 0);
    return memory.address();
  }

  /**
   * Puts {@code /proc/self/fd/N} here: a path to an open file, for calls that take no descriptor.
   */
  public long putDescriptor(int fd) {
    MemorySegment.copy(PROC, 0, memory, ValueLayout.JAVA_BYTE, 0, PROC.length);
    int end = PROC.length + digits(fd);
    memory.set(ValueLayout.JAVA_BYTE, end, (byte) 0);
    int rest = fd;
    for (int at = end - 1; at >= PROC.length; at--) {
      memory.set(ValueLayout.JAVA_BYTE, at, (byte) ('0' + rest % 10));
      rest /= 10;
    }
    return memory.address();
  }

  private static int digits(int number) {
    int digits = 1;
    for (int rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }
}
