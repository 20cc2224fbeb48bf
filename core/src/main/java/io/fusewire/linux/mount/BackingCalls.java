package io.fusewire.linux.mount;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.CapabilityBuffer;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.FuseIoctl;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.ThreadCredentials;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Registers backing files with a connection.
 *
 * <p>What the kernel keeps is an open file of its own, never the caller's: a lock of flock(2) or an
 * open file description lock ends when the last descriptor of its open file is closed, and the
 * kernel's would keep it. And it works without CAP_FSETID there: the kernel leaves it to the server
 * to drop set-user-ID bits when a file is written, and no server sees these writes.
 */
final class BackingCalls {
  private static final long FSETID = 1L << CapabilityBuffer.CAP_FSETID;

  private BackingCalls() {}

  /**
   * Registers what a descriptor is open on.
   *
   * @return an id above 0, or a negative errno
   */
  static int open(int device, int descriptor) {
    int flags = FileCalls.fcntl(descriptor, Fcntl.GETFL, 0);
    if (flags < 0) {
      return flags;
    }
    try (Arena arena = Arena.ofConfined()) {
      if ((flags & Open.PATH) != 0) {
        int id = register(arena, device, descriptor);
        // Before Linux 6.16 an O_PATH descriptor is none here.
        return id == -Errno.EBADF ? reopened(arena, device, descriptor, Open.RDONLY) : id;
      }
      int id = reopened(arena, device, descriptor, Open.PATH);
      return id == -Errno.EBADF ? reopened(arena, device, descriptor, Open.RDONLY) : id;
    }
  }

  private static int reopened(Arena arena, int device, int descriptor, int flags) {
    MemorySegment path = CString.of(arena, "/proc/self/fd/" + descriptor);
    int opened =
        NameCalls.openat(At.FDCWD, path.address(), flags | Open.CLOEXEC | nonBlocking(flags), 0);
    if (opened < 0) {
      return opened;
    }
    int id = register(arena, device, opened);
    FileCalls.close(opened);
    return id;
  }

  private static int nonBlocking(int flags) {
    return (flags & Open.PATH) != 0 ? 0 : Open.NONBLOCK; // what is no regular file must not wait
  }

  private static int register(Arena arena, int device, int descriptor) {
    MemorySegment argument = arena.allocate(FuseIoctl.ARGUMENT_BYTES, Long.BYTES);
    MemorySegment capabilities = arena.allocate(CapabilityBuffer.BYTES, Integer.BYTES);
    CapabilityBuffer.prepare(capabilities);
    long before =
        ThreadCredentials.capget(capabilities.address()) < 0
            ? 0
            : CapabilityBuffer.effective(capabilities);
    boolean drops = (before & FSETID) != 0;
    if (drops && !effective(capabilities, before & ~FSETID)) {
      return -Errno.EPERM;
    }
    try {
      return FuseIoctl.openBacking(device, descriptor, argument);
    } finally {
      if (drops) {
        effective(capabilities, before);
      }
    }
  }

  private static boolean effective(MemorySegment buffer, long capabilities) {
    CapabilityBuffer.setEffective(buffer, capabilities);
    return ThreadCredentials.capset(buffer.address()) >= 0;
  }

  /** Gives an id back; 0 or a negative errno. */
  static int close(int device, int id) {
    try (Arena arena = Arena.ofConfined()) {
      return FuseIoctl.closeBacking(
          device, id, arena.allocate(FuseIoctl.ARGUMENT_BYTES, Long.BYTES));
    }
  }
}
