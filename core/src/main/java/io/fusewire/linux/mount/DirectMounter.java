package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.MountCalls;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;

/** Mounts with mount(2), which needs CAP_SYS_ADMIN. */
final class DirectMounter implements Mounter {
  @Override
  public MountedDevice mount(MountRequest asked) throws LinuxException {
    MountRequest request = MountPoints.prepare(asked);
    int fd = FuseDevice.open();
    List<String> data = new ArrayList<>();
    data.add("fd=" + fd);
    data.add("rootmode=40000");
    data.add("user_id=" + Integer.toUnsignedString(ProcessCalls.getuid()));
    data.add("group_id=" + Integer.toUnsignedString(ProcessCalls.getgid()));
    data.addAll(request.kernelOptions());
    int result = mount(request, String.join(",", data));
    if (result < 0) {
      FileCalls.close(fd);
      String options = String.join(",", data.subList(1, data.size()));
      throw new LinuxException(
          "mount(\"" + request.mountPoint() + "\", " + options + ")", result, advice(-result));
    }
    return MountedDevice.mounted(fd, request.mountPoint());
  }

  private static int mount(MountRequest request, String data) {
    try (Arena arena = Arena.ofConfined()) {
      return MountCalls.mount(
          CString.of(arena, request.fsName()).address(),
          CString.of(arena, request.mountPoint()).address(),
          CString.of(arena, request.type()).address(),
          request.flags(),
          CString.of(arena, data).address());
    } catch (IllegalArgumentException e) {
      return -Errno.EINVAL; // a NUL in a name
    }
  }

  private static String advice(int errno) {
    return switch (errno) {
      case Errno.EPERM ->
          "Mount as root, or install fuse3 so that fusermount3 can mount for you; a container needs"
              + " --cap-add SYS_ADMIN --device /dev/fuse.";
      case Errno.EINVAL -> "The kernel refuses an option; the kernel log (dmesg) may name it.";
      case Errno.ENODEV -> FuseDevice.NO_FUSE;
      default -> "";
    };
  }
}
