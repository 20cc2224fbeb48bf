package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.wire.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The set-uid helper fusermount3 of the package fuse3 (fusermount3(1)): it mounts for ordinary
 * users and passes the descriptor back through a socket.
 */
final class Fusermount {
  private static final String NAME = "fusermount3";

  /** How long the helper may take; a user's other mount that hangs can hold it up. */
  private static final int HELPER_MILLIS = 20_000;

  private Fusermount() {}

  /** Mounts; the message of a failure is the helper's own plus the way out. */
  static MountedDevice mount(MountRequest request, List<String> options) throws LinuxException {
    return mount(find(), request, options, HELPER_MILLIS);
  }

  static MountedDevice mount(
      @Nullable Path program, MountRequest request, List<String> options, int millis)
      throws LinuxException {
    if (program == null) {
      throw missing();
    }
    List<String> arguments =
        List.of(program.toString(), "-o", String.join(",", options), "--", request.mountPoint());
    HelperProcess helper = HelperProcess.start(arguments, true);
    boolean keep = false;
    try {
      int fd = helper.receiveDescriptor(millis);
      if (fd < 0) {
        throw refused(request, fd, helper);
      }
      keep = request.autoUnmount();
      return MountedDevice.mountedByHelper(fd, request.mountPoint(), keep ? helper : null);
    } finally {
      if (!keep) {
        helper.close();
      }
    }
  }

  private static LinuxException missing() {
    String advice;
    if (Mounters.mayMount()) {
      advice =
          "The option auto_unmount needs it: install it (Debian: apt-get install fuse3), or mount"
              + " without auto_unmount.";
    } else if (ProcessCalls.geteuid() == 0) {
      advice =
          "This process is root, but has not the capability to mount (CAP_SYS_ADMIN): start the"
              + " container with --cap-add SYS_ADMIN --device /dev/fuse.";
    } else {
      advice =
          "Only root can mount without it: install it (Debian: apt-get install fuse3), or run as"
              + " root.";
    }
    return new LinuxException("exec(\"" + NAME + "\")", Errno.ENOENT, advice);
  }

  private static LinuxException refused(MountRequest request, int errno, HelperProcess helper) {
    String call = NAME + "(\"" + request.mountPoint() + "\")";
    if (errno == -Errno.ETIMEDOUT) {
      return new LinuxException(
          call, errno, "It neither passed a descriptor nor ended; does another FUSE mount hang?");
    }
    String said = helper.errors();
    if (said.isEmpty()) {
      return new LinuxException(call, errno, "It ended without a word and passed no descriptor.");
    }
    return new LinuxException(call, Errno.EPERM, "It says: " + said + "." + advice(said));
  }

  private static String advice(String said) {
    if (said.contains("user_allow_other")) {
      return " Add the line user_allow_other to /etc/fuse.conf, or mount without allow_other and"
          + " allow_root.";
    }
    if (said.contains("mount failed: Operation not permitted")) {
      return " Is fusermount3 set-uid root, and does the container have CAP_SYS_ADMIN?";
    }
    if (said.contains("mount failed: Invalid argument")) {
      return " The kernel refuses an option; the kernel log (dmesg) may name it.";
    }
    if (said.contains("/dev/fuse")) {
      return " " + FuseDevice.advice(Errno.EACCES);
    }
    if (said.contains("no write access") || said.contains("not owned")) {
      return " Mount on a directory of your own.";
    }
    return "";
  }

  /** Unmounts as fusermount3 -u does; 0 or a negative errno. */
  static int unmount(String mountPoint, boolean lazy) {
    Path program = find();
    if (program == null) {
      return -Errno.ENOENT;
    }
    String path = program.toString();
    try (HelperProcess helper =
        HelperProcess.start(
            lazy
                ? List.of(path, "-u", "-z", "--", mountPoint)
                : List.of(path, "-u", "--", mountPoint),
            false)) {
      int status = helper.awaitExit(HELPER_MILLIS);
      if (status <= 0) {
        return status;
      }
      String said = helper.errors();
      if (said.contains("busy")) {
        return -Errno.EBUSY;
      }
      return said.contains("not mounted") || said.contains("not found")
          ? -Errno.EINVAL
          : -Errno.EPERM;
    } catch (LinuxException e) {
      return -e.errno();
    }
  }

  /** The program, or null when it is not installed. */
  static @Nullable Path find() {
    String path = System.getenv().getOrDefault("PATH", "") + ":/usr/bin:/bin:/usr/local/bin";
    for (String directory : path.split(":", -1)) {
      // Relative directories are left out: what runs must not depend on where we stand.
      Path candidate = Path.of(directory).resolve(NAME);
      if (candidate.isAbsolute() && Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    return null;
  }
}
