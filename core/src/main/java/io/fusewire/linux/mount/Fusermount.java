package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The set-uid helper fusermount3 of the package fuse3 (fusermount3(1)): it mounts for ordinary
 * users and passes the descriptor back through a socket.
 */
final class Fusermount {
  static final String AUTO_UNMOUNT = "auto_unmount";

  private static final String NAME = "fusermount3";

  /** How long the helper may take; a user's other mount that hangs can hold it up. */
  private static final int HELPER_MILLIS = 20_000;

  /**
   * Unmounts when the other end of descriptor 3 is closed, unless another mount is there by then.
   * Ctrl-C reaches it too, and must not end it before the server.
   */
  private static final String WATCH =
      "trap '' HUP INT QUIT TERM; read -r _ <&3;"
          + " grep -q \"^$3 \" /proc/self/mountinfo && exec \"$1\" -u -z -- \"$2\"";

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
      keep = options.contains(AUTO_UNMOUNT); // then it waits for our end itself
      HelperProcess stays = keep ? helper : null;
      if (!keep && request.autoUnmount()) {
        stays = watch(program, request, fd);
      }
      return MountedDevice.mountedByHelper(fd, request.mountPoint(), stays);
    } finally {
      if (!keep) {
        helper.close();
      }
    }
  }

  /**
   * Waits for our end where fusermount3 would in vain: 3.14 asks as root whether the server is
   * dead, which the mount of another user that is not for all refuses to tell.
   */
  private static HelperProcess watch(Path program, MountRequest request, int fd)
      throws LinuxException {
    String mountPoint = request.mountPoint();
    try {
      MountTable.Entry entry = MountTable.at(mountPoint);
      String id = entry == null ? "" : Integer.toString(entry.id());
      return HelperProcess.start(
          List.of("/bin/sh", "-c", WATCH, "sh", program.toString(), mountPoint, id), true);
    } catch (IOException e) {
      FileCalls.close(fd);
      unmount(mountPoint, true);
      throw new LinuxException("auto_unmount cannot be prepared: " + e.getMessage());
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
    String advice = advice(said, request.mountPoint());
    return new LinuxException(call, Errno.EPERM, "It says: " + said + "." + advice);
  }

  /** What is mounted there already; the helper may not look at another FUSE mount. */
  private static String occupied(String mountPoint) {
    try {
      MountTable.Entry entry = MountTable.at(mountPoint);
      return entry == null
          ? ""
          : " %s (%s) is mounted there already: unmount it, or mount on another directory."
              .formatted(entry.source(), entry.type());
    } catch (IOException e) {
      return "";
    }
  }

  private static String advice(String said, String mountPoint) {
    if (said.contains("failed to access mountpoint")) {
      return occupied(mountPoint);
    }
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
