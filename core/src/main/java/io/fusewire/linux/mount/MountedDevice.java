package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.MountCalls;
import io.fusewire.linux.sys.PollBuffer;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * A descriptor of {@code /dev/fuse} and the mount it serves. Owned by one session.
 *
 * <p>It unmounts its own mount only. The kernel gives mount id and device number of a mount that is
 * gone to the next one, so two mounts on one path can look alike; {@link MountPoints#uniqueId} and
 * the state of the connection tell them apart.
 */
public final class MountedDevice {
  /** As a mount id: somebody else mounted, and unmounts. */
  private static final int FOREIGN = -1;

  private final int fd;
  private final String mountPoint;
  private final int mountId;
  private final long uniqueId;
  private final FuseConnection connection;
  private final @Nullable HelperProcess helper;
  private final boolean byHelper;

  MountedDevice(
      int fd,
      MountTable.Entry entry,
      long uniqueId,
      boolean byHelper,
      @Nullable HelperProcess helper) {
    this.fd = fd;
    this.mountPoint = entry.mountPoint();
    this.mountId = entry.id();
    this.uniqueId = uniqueId;
    this.connection = FuseConnection.of(fd, entry.minor());
    this.byHelper = byHelper;
    this.helper = helper;
  }

  /** A device that was mounted before this process got it. */
  static MountedDevice passed(int fd, String name) {
    int number = FuseConnection.of(fd).number();
    MountTable.Entry entry = new MountTable.Entry(FOREIGN, FOREIGN, "0:" + number, name, "", "");
    return new MountedDevice(fd, entry, 0, false, null);
  }

  /** A device that was mounted just now, with mount(2). */
  static MountedDevice mounted(int fd, String mountPoint) throws LinuxException {
    return mounted(fd, mountPoint, false, null);
  }

  /** A device that fusermount3 mounted just now; the process is there only for auto_unmount. */
  static MountedDevice mountedByHelper(int fd, String mountPoint, @Nullable HelperProcess process)
      throws LinuxException {
    return mounted(fd, mountPoint, true, process);
  }

  private static MountedDevice mounted(
      int fd, String mountPoint, boolean byHelper, @Nullable HelperProcess helper)
      throws LinuxException {
    try {
      MountTable.Entry entry = find(fd, mountPoint);
      long uniqueId = MountPoints.uniqueId(mountPoint);
      return new MountedDevice(fd, entry, uniqueId, byHelper, helper);
    } catch (LinuxException e) {
      FileCalls.close(fd);
      if (helper != null) {
        helper.close();
      }
      throw e;
    }
  }

  /** Our entry of the mount table. */
  private static MountTable.Entry find(int fd, String mountPoint) throws LinuxException {
    int number = FuseConnection.of(fd).number();
    try {
      MountTable.Entry found = null;
      for (MountTable.Entry entry : MountTable.fuseMounts()) {
        if (entry.mountPoint().equals(mountPoint)
            && (number == FuseConnection.UNKNOWN || number == entry.minor())) {
          found = entry;
        }
      }
      if (found != null) {
        return found;
      }
    } catch (IOException e) {
      MountPoints.unmount(mountPoint, true);
      throw new LinuxException("open(\"/proc/self/mountinfo\")", Errno.ENOENT, "Mount /proc: " + e);
    }
    throw new LinuxException(
        "mount(\"" + mountPoint + "\")", Errno.EINVAL, "It went away at once.");
  }

  /** The descriptor. */
  public int descriptor() {
    return fd;
  }

  /**
   * Registers what a descriptor is open on as a backing file, whose reads and writes the kernel
   * does itself. The descriptor may be closed afterwards; locks taken through it are not kept.
   *
   * @return an id above 0, or a negative errno
   */
  public int openBacking(int descriptor) {
    return BackingCalls.open(fd, descriptor);
  }

  /** Gives the id of a backing file back; 0 or a negative errno. */
  public int closeBacking(int id) {
    return BackingCalls.close(fd, id);
  }

  /** Where it is mounted: an absolute path without symbolic links, or {@code /dev/fd/N}. */
  public String mountPoint() {
    return mountPoint;
  }

  /** The mount's id in {@code /proc/self/mountinfo}; -1 when others mounted it. */
  public int mountId() {
    return mountId;
  }

  /** The connection's control files. */
  public FuseConnection connection() {
    return connection;
  }

  /** True while our mount is in the mount table. */
  public boolean isMounted() {
    if (mountId == FOREIGN) {
      return false;
    }
    try {
      MountTable.Entry entry = MountTable.withId(mountId);
      boolean alike =
          entry != null
              && entry.mountPoint().equals(mountPoint)
              && entry.minor() == connection.number();
      return alike && (MountTable.isCovered(mountId) || isOurs());
    } catch (IOException e) {
      return true; // unknown: the unmount itself will tell
    }
  }

  /** Tells our mount from a later one with the same ids. */
  private boolean isOurs() {
    if (uniqueId != 0) {
      return MountPoints.uniqueId(mountPoint) == uniqueId;
    }
    // While the connection lives, the mount does, and has its ids for itself.
    return isConnected() || MountPoints.isStale(mountPoint);
  }

  private boolean isConnected() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(PollBuffer.BYTES, Integer.BYTES);
      PollBuffer.FD.set(poll, 0, fd);
      FileCalls.poll(poll.address(), 1, 0);
      return (PollBuffer.REVENTS.get(poll, 0) & (PollBuffer.POLLERR | PollBuffer.POLLNVAL)) == 0;
    }
  }

  /**
   * Unmounts, unless it is done already; never anybody else's mount.
   *
   * @param lazy takes the mount out of the tree at once although it is in use (MNT_DETACH)
   * @return 0, or a negative errno: EBUSY while files are open there or something is mounted on it
   */
  public int unmount(boolean lazy) {
    if (!isMounted()) {
      return 0;
    }
    try {
      if (MountTable.isCovered(mountId)) {
        return -Errno.EBUSY; // umount(2) would take the mount on top
      }
    } catch (IOException e) {
      return -Errno.EIO;
    }
    int result = byHelper ? Fusermount.unmount(mountPoint, lazy) : directly(lazy);
    return result < 0 && !isMounted() ? 0 : result;
  }

  private int directly(boolean lazy) {
    try (Arena arena = Arena.ofConfined()) {
      int flags = MountCalls.UMOUNT_NOFOLLOW | (lazy ? MountCalls.MNT_DETACH : 0);
      return MountCalls.umount(CString.of(arena, mountPoint).address(), flags);
    }
  }

  /** Closes the descriptor, which ends the connection when nobody else has it. */
  public void close() {
    boolean mounted = helper != null && isMounted();
    FileCalls.close(fd);
    if (helper != null) {
      if (!mounted) {
        helper.kill(); // or it opens what others may have mounted here since, and may hang there
      }
      helper.close();
    }
  }

  /** Explains why an unmount failed. */
  public LinuxException unmountFailed(int errno) {
    String advice =
        Math.abs(errno) == Errno.EBUSY
            ? "Somebody has a file open there or works in it (see: fuser -vm "
                + mountPoint
                + "); the mount goes on serving."
            : "";
    return new LinuxException("umount(\"" + mountPoint + "\")", errno, advice);
  }
}
