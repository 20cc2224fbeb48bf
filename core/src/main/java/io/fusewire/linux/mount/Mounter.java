package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.MountCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.linux.sys.StatxBuffer;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Mounts: with mount(2) as root, through fusermount3 as an ordinary user or for auto_unmount, and
 * not at all for a descriptor that was mounted by others and passed as {@code /dev/fd/N}.
 */
public final class Mounter {
  private static final String DEVICE = "/dev/fuse";
  private static final String PASSED = "/dev/fd/";
  private static final int MNT_DETACH = 2;

  private Mounter() {}

  /** Mounts what is asked for; a failure leaves nothing behind. */
  public static MountedDevice mount(MountRequest request) throws LinuxException {
    if (request.mountPoint().startsWith(PASSED)) {
      return passed(request.mountPoint());
    }
    MountRequest checked = withCheckedMountPoint(request);
    boolean byHelper = ProcessCalls.geteuid() != 0 || request.autoUnmount();
    return byHelper ? byHelper(checked) : directly(checked);
  }

  /** True when a FUSE mount whose server is dead is mounted on this path. */
  public static boolean isStale(String mountPoint) {
    try {
      MountTable.Entry entry = MountTable.at(mountPoint);
      return entry != null && entry.isFuse() && status(mountPoint) == -Errno.ENOTCONN;
    } catch (IOException e) {
      return false;
    }
  }

  /** Unmounts a FUSE mount whose server is dead; does nothing when there is none. */
  public static void removeStale(String mountPoint) throws LinuxException {
    if (!isStale(mountPoint)) {
      return;
    }
    LinuxException.check(
        unmount(mountPoint, true),
        "umount(\"" + mountPoint + "\")",
        "The mount there belongs to a dead process; only its user or root can remove it.");
  }

  /** Unmounts whatever is mounted on a path; 0 or a negative errno. */
  public static int unmount(String mountPoint, boolean lazy) {
    if (ProcessCalls.geteuid() != 0) {
      return Fusermount.unmount(mountPoint, lazy);
    }
    try (Arena arena = Arena.ofConfined()) {
      return MountCalls.umount(CString.of(arena, mountPoint).address(), lazy ? MNT_DETACH : 0);
    }
  }

  private static MountedDevice passed(String mountPoint) throws LinuxException {
    try {
      int fd = Integer.parseInt(mountPoint.substring(PASSED.length()));
      return new MountedDevice(fd, mountPoint, MountedDevice.FOREIGN, false, -1);
    } catch (NumberFormatException e) {
      throw new LinuxException(
          "\""
              + mountPoint
              + "\" names no descriptor; write /dev/fd/N with the number N of an open"
              + " and mounted /dev/fuse");
    }
  }

  private static int status(String path) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.statx(
          At.FDCWD,
          CString.of(arena, path).address(),
          0,
          StatxBuffer.BASIC_STATS,
          arena.allocate(StatxBuffer.BYTES, Long.BYTES).address());
    }
  }

  private static MountRequest withCheckedMountPoint(MountRequest request) throws LinuxException {
    String asked = request.mountPoint();
    Path path = Path.of(asked);
    int status = status(asked);
    if (status == -Errno.ENOTCONN) {
      throw new LinuxException(
          "\""
              + asked
              + "\" still carries the mount of a process that died. Remove it with"
              + " ./fusewire umount "
              + asked
              + ", or mount with the option replace_stale.");
    }
    LinuxException.check(status, "stat(\"" + asked + "\")", "Make the mount point first.");
    if (!Files.isDirectory(path)) {
      throw new LinuxException("\"" + asked + "\" is not a directory; mount on a directory.");
    }
    if (!request.nonEmpty()) {
      checkEmpty(path);
    }
    try {
      return new MountRequest(
          path.toRealPath().toString(),
          request.fsName(),
          request.subtype(),
          request.flags(),
          request.kernelOptions(),
          request.nonEmpty(),
          request.autoUnmount());
    } catch (IOException e) {
      throw new LinuxException("realpath(\"" + asked + "\")", Errno.EIO, String.valueOf(e));
    }
  }

  private static void checkEmpty(Path path) throws LinuxException {
    try (DirectoryStream<Path> names = Files.newDirectoryStream(path)) {
      if (names.iterator().hasNext()) {
        throw new LinuxException(
            "\""
                + path
                + "\" is not empty. A mount would hide what is in it; mount elsewhere, or"
                + " with the option nonempty.");
      }
    } catch (LinuxException e) {
      throw e;
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // Not readable for us: then nobody can say that something would be hidden.
      return;
    }
  }

  private static int openDevice(Arena arena) throws LinuxException {
    int fd =
        NameCalls.openat(
            At.FDCWD, CString.of(arena, DEVICE).address(), Open.RDWR | Open.CLOEXEC, 0);
    String advice =
        switch (-fd) {
          case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO ->
              "The kernel's FUSE is not there: load it with modprobe fuse; in a container, start it"
                  + " with --device /dev/fuse.";
          case Errno.EACCES, Errno.EPERM ->
              "You may not use the device: ask for read and write permission on it.";
          default -> "";
        };
    return LinuxException.check(fd, "open(\"" + DEVICE + "\")", advice);
  }

  private static MountedDevice directly(MountRequest request) throws LinuxException {
    try (Arena arena = Arena.ofConfined()) {
      int fd = openDevice(arena);
      List<String> data = new ArrayList<>();
      data.add("fd=" + fd);
      data.add("rootmode=40000");
      data.add("user_id=" + ProcessCalls.getuid());
      data.add("group_id=" + ProcessCalls.getgid());
      data.addAll(request.kernelOptions());
      String type = request.subtype() == null ? "fuse" : "fuse." + request.subtype();
      int result =
          MountCalls.mount(
              CString.of(arena, request.fsName()).address(),
              CString.of(arena, request.mountPoint()).address(),
              CString.of(arena, type).address(),
              request.flags(),
              CString.of(arena, String.join(",", data)).address());
      if (result < 0) {
        FileCalls.close(fd);
        throw new LinuxException(
            "mount(\"" + request.mountPoint() + "\", " + String.join(",", data) + ")",
            result,
            result == -Errno.EPERM ? "Mounting needs root (CAP_SYS_ADMIN) here." : "");
      }
      return new MountedDevice(fd, request.mountPoint(), mountId(request), false, -1);
    }
  }

  private static MountedDevice byHelper(MountRequest request) throws LinuxException {
    if (!Files.exists(Path.of(DEVICE))) {
      try (Arena arena = Arena.ofConfined()) {
        FileCalls.close(openDevice(arena)); // for its message: the helper's is less helpful
      }
    }
    List<String> options = new ArrayList<>();
    options.add("fsname=" + escape(request.fsName()));
    if (request.subtype() != null) {
      options.add("subtype=" + escape(request.subtype()));
    }
    options.addAll(MountFlags.names(request.flags()));
    options.addAll(request.kernelOptions());
    if (request.autoUnmount()) {
      options.add("auto_unmount");
    }
    Fusermount.Mounted mounted = Fusermount.mount(request, options);
    return new MountedDevice(
        mounted.fd(), request.mountPoint(), mountId(request), true, mounted.socket());
  }

  /** Option values: a backslash keeps comma and backslash from ending them. */
  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace(",", "\\,");
  }

  private static int mountId(MountRequest request) throws LinuxException {
    try {
      MountTable.Entry entry = MountTable.at(request.mountPoint());
      if (entry != null && entry.isFuse()) {
        return entry.id();
      }
    } catch (IOException e) {
      throw new LinuxException("read(/proc/self/mountinfo)", Errno.EIO, String.valueOf(e));
    }
    throw new LinuxException(
        "the mount on \"" + request.mountPoint() + "\" is not in /proc/self/mountinfo");
  }
}
