package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.StatxBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Takes a descriptor that others opened and mounted, and passed to this process under its number N:
 * the mount point is written {@code /dev/fd/N}. For containers that may not mount.
 */
final class PassedDescriptorMounter implements Mounter {
  private static final String PREFIX = "/dev/fd/";
  private static final int FUSE_MAJOR = 10;
  private static final int FUSE_MINOR = 229;

  static boolean isMeant(MountRequest request) {
    return request.mountPoint().startsWith(PREFIX);
  }

  @Override
  public MountedDevice mount(MountRequest request) throws LinuxException {
    int fd = number(request.mountPoint());
    // The programs this process starts must not get it: they would keep the mount alive.
    LinuxException.check(
        FileCalls.fcntl(fd, Fcntl.SETFD, Fcntl.CLOEXEC),
        "fcntl(" + fd + ")",
        "Whoever starts this process must pass it the open descriptor " + fd + ".");
    if (!isFuseDevice(fd)) {
      throw new LinuxException(
          "descriptor " + fd + " is not /dev/fuse. Pass one that was opened and mounted there.");
    }
    // The readers wait in read(2): without blocking they would spin.
    int flags = FileCalls.fcntl(fd, Fcntl.GETFL, 0);
    if ((flags & Open.NONBLOCK) != 0) {
      LinuxException.check(
          FileCalls.fcntl(fd, Fcntl.SETFL, flags & ~Open.NONBLOCK), "fcntl(" + fd + ")", "");
    }
    return MountedDevice.passed(fd, request.mountPoint());
  }

  private static int number(String mountPoint) throws LinuxException {
    try {
      return Integer.parseUnsignedInt(mountPoint.substring(PREFIX.length()));
    } catch (NumberFormatException e) {
      throw new LinuxException(
          "\""
              + mountPoint
              + "\" names no descriptor. Write /dev/fd/N with the number N of an open and mounted"
              + " /dev/fuse.");
    }
  }

  private static boolean isFuseDevice(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(StatxBuffer.BYTES, Long.BYTES);
      int result =
          NameCalls.statx(
              fd,
              CString.of(arena, "").address(),
              At.EMPTY_PATH,
              StatxBuffer.BASIC_STATS,
              status.address());
      return result >= 0
          && (StatxBuffer.MODE.get(status, 0) & Mode.S_IFMT) == Mode.S_IFCHR
          && StatxBuffer.RDEV_MAJOR.get(status, 0) == FUSE_MAJOR
          && StatxBuffer.RDEV_MINOR.get(status, 0) == FUSE_MINOR;
    }
  }
}
