package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;

/** The device file of FUSE. */
final class FuseDevice {
  static final String PATH = "/dev/fuse";

  /** The way out when the kernel has no FUSE. */
  static final String NO_FUSE =
      "The kernel's FUSE is not there: load it with modprobe fuse; in a container, start it with"
          + " --device /dev/fuse.";

  private FuseDevice() {}

  /** Opens the device; programs that are started do not get the descriptor. */
  static int open() throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      int fd =
          NameCalls.openat(
              At.FDCWD, CString.of(arena, PATH).address(), Open.RDWR | Open.CLOEXEC, 0);
      return LinuxException.check(fd, "open(\"" + PATH + "\")", advice(-fd));
    }
  }

  static String advice(int errno) {
    return switch (errno) {
      case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO -> NO_FUSE;
      case Errno.EACCES, Errno.EPERM ->
          "You may not use the device: have root give you read and write permission on it (mode"
              + " 0666 is usual); in a container, start it with --device /dev/fuse.";
      default -> "";
    };
  }
}
