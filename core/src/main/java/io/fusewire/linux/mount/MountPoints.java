package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.MountCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.StatxBuffer;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Directories before and after something is mounted on them.
 *
 * <p>A call on the directory of a FUSE mount whose server is stuck does not return, not even on a
 * signal. So a FUSE mount is only ever asked on a thread that can be left behind.
 */
public final class MountPoints {
  /** How long a FUSE server may take to say whether it lives. */
  static final Duration PROBE_TIME = Duration.ofSeconds(2);

  private MountPoints() {}

  /** True when a FUSE mount whose server is dead is mounted on this path. */
  public static boolean isStale(String path) {
    try {
      String mountPoint = canonical(Path.of(path));
      if (!hasFuse(mountPoint)) {
        return false;
      }
      int result = probe(mountPoint);
      if (result == -Errno.ECONNABORTED) { // it died while it was asked
        result = probe(mountPoint);
      }
      return result == -Errno.ENOTCONN;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Takes a FUSE mount whose server is dead away; leaves everything else as it is.
   *
   * @return whether there was one
   */
  public static boolean replaceStale(String path) throws LinuxException {
    if (!isStale(path)) {
      return false;
    }
    LinuxException.check(
        unmount(path, true),
        "umount(\"" + path + "\")",
        "The mount there belongs to a dead process; only its user or root can remove it.");
    return true;
  }

  /** Unmounts what is mounted on a path, whoever mounted it; 0 or a negative errno. */
  public static int unmount(String path, boolean lazy) {
    try (Arena arena = Arena.ofConfined()) {
      String mountPoint = canonical(Path.of(path));
      if (!Mounters.mayMount()) {
        return Fusermount.unmount(mountPoint, lazy);
      }
      int flags = MountCalls.UMOUNT_NOFOLLOW | (lazy ? MountCalls.MNT_DETACH : 0);
      return MountCalls.umount(CString.of(arena, mountPoint).address(), flags);
    } catch (IOException e) {
      return -Errno.ENOENT;
    }
  }

  /**
   * The request with the real path of its mount point, which must be a directory that a mount does
   * no harm to.
   */
  static MountRequest prepare(MountRequest request) throws LinuxException {
    String asked = request.mountPoint();
    try {
      String candidate = canonical(Path.of(asked));
      if (hasFuse(candidate)) {
        checkServed(asked, probe(candidate));
      }
      LinuxException.check(
          status(candidate, 0), "stat(\"" + asked + "\")", "Make the mount point first.");
      Path path = Path.of(candidate).toRealPath();
      if (!Files.isDirectory(path)) {
        throw new LinuxException(
            "mount(\"" + asked + "\")", Errno.ENOTDIR, "The mount point must be a directory.");
      }
      if (!request.nonEmpty()) {
        checkEmpty(path);
      }
      return request.at(path.toString());
    } catch (LinuxException e) {
      throw e;
    } catch (IOException e) {
      throw new LinuxException(
          "stat(\"" + asked + "\")", Errno.ENOENT, "Make the mount point first: " + e);
    }
  }

  private static void checkServed(String asked, int result) throws LinuxException {
    String what = "stat(\"" + asked + "\")";
    switch (-result) {
      case Errno.ENOTCONN, Errno.ECONNABORTED ->
          throw new LinuxException(
              what,
              result,
              "The mount of a process that died is still there: mount again with the option"
                  + " replace_stale (-o replace_stale), or unmount it (umount -l, or"
                  + " fusermount3 -u -z).");
      case Errno.ETIMEDOUT ->
          throw new LinuxException(
              what, result, "A FUSE mount whose server does not answer is there: unmount it.");
      case Errno.EACCES ->
          throw new LinuxException(
              what, result, "A FUSE mount of another user is there: mount elsewhere.");
      default -> {}
    }
  }

  private static void checkEmpty(Path path) throws LinuxException {
    try (DirectoryStream<Path> names = Files.newDirectoryStream(path)) {
      if (names.iterator().hasNext()) {
        throw new LinuxException(
            "mount(\"" + path + "\")",
            Errno.ENOTEMPTY,
            "A mount would hide what is in the directory: mount elsewhere, or with the option"
                + " nonempty.");
      }
    } catch (LinuxException e) {
      throw e;
    } catch (IOException | DirectoryIteratorException e) {
      return; // Not readable for us: then nobody can say that something would be hidden.
    }
  }

  /** The real path, found without a call on what may be mounted there. */
  private static String canonical(Path path) throws IOException {
    Path absolute = path.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null) {
      return absolute.toString();
    }
    Path candidate = parent.toRealPath().resolve(name);
    boolean mounted = MountTable.at(candidate.toString()) != null;
    return !mounted && Files.isSymbolicLink(candidate)
        ? candidate.toRealPath().toString()
        : candidate.toString();
  }

  private static boolean hasFuse(String mountPoint) throws IOException {
    MountTable.Entry entry = MountTable.at(mountPoint);
    return entry != null && entry.isFuse();
  }

  /** Asks the server; 0, or a negative errno: -ETIMEDOUT when it does not answer. */
  private static int probe(String mountPoint) {
    AtomicInteger result = new AtomicInteger(-Errno.ETIMEDOUT);
    Thread thread =
        Thread.ofPlatform()
            .name("fusewire-probe")
            .daemon(true)
            .start(() -> result.set(status(mountPoint, At.STATX_FORCE_SYNC)));
    try {
      thread.join(PROBE_TIME);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return result.get();
  }

  private static int status(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return NameCalls.statx(
          At.FDCWD,
          CString.of(arena, path).address(),
          flags,
          StatxBuffer.BASIC_STATS,
          arena.allocate(StatxBuffer.BYTES, Long.BYTES).address());
    }
  }

  /**
   * An id of the topmost mount on this path that no other mount ever gets; 0 where the kernel has
   * none (before Linux 6.8). Asks no server.
   */
  static long uniqueId(String mountPoint) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment status = arena.allocate(StatxBuffer.BYTES, Long.BYTES);
      int result =
          NameCalls.statx(
              At.FDCWD,
              CString.of(arena, mountPoint).address(),
              At.STATX_DONT_SYNC | At.NO_AUTOMOUNT | At.SYMLINK_NOFOLLOW,
              StatxBuffer.MNT_ID_UNIQUE_BIT,
              status.address());
      boolean known =
          result >= 0 && (StatxBuffer.MASK.get(status, 0) & StatxBuffer.MNT_ID_UNIQUE_BIT) != 0;
      return known ? StatxBuffer.MNT_ID.get(status, 0) : 0;
    }
  }
}
