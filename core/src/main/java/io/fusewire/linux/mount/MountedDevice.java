package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.MountCalls;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;

/** A descriptor of {@code /dev/fuse} and the mount it serves. Owned by one session. */
public final class MountedDevice {
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  /** As a mount id: somebody else mounted, and unmounts. */
  static final int FOREIGN = -1;

  private final int fd;
  private final String mountPoint;
  private final int mountId;
  private final boolean byHelper;
  private final int helperSocket;

  MountedDevice(int fd, String mountPoint, int mountId, boolean byHelper, int helperSocket) {
    this.fd = fd;
    this.mountPoint = mountPoint;
    this.mountId = mountId;
    this.byHelper = byHelper;
    this.helperSocket = helperSocket;
  }

  /** The descriptor. */
  public int descriptor() {
    return fd;
  }

  /** Where it is mounted: an absolute path without symbolic links, or {@code /dev/fd/N}. */
  public String mountPoint() {
    return mountPoint;
  }

  /** The connection's control files. */
  public FuseConnection connection() {
    return FuseConnection.of(fd, mountId);
  }

  /** True while our mount is in the mount table. */
  public boolean isMounted() {
    if (mountId == FOREIGN) {
      return false;
    }
    try {
      MountTable.Entry entry = MountTable.withId(mountId);
      return entry != null && entry.mountPoint().equals(mountPoint);
    } catch (IOException e) {
      return true; // unknown: the unmount itself will tell
    }
  }

  /**
   * Unmounts, unless it is done already; never anybody else's mount.
   *
   * @param lazy takes the mount out of the tree at once although it is in use (MNT_DETACH)
   * @return 0, or a negative errno: EBUSY while files are open or a directory is somebody's own
   */
  public int unmount(boolean lazy) {
    if (!isMounted()) {
      return 0;
    }
    if (byHelper) {
      return Fusermount.unmount(mountPoint, lazy);
    }
    try (Arena arena = Arena.ofConfined()) {
      int flags = UMOUNT_NOFOLLOW | (lazy ? MNT_DETACH : 0);
      int result = MountCalls.umount(CString.of(arena, mountPoint).address(), flags);
      return result < 0 && !isMounted() ? 0 : result;
    }
  }

  /** Closes the descriptor, which ends the connection when nobody else has it. */
  public void close() {
    FileCalls.close(fd);
    if (helperSocket >= 0) {
      FileCalls.close(helperSocket);
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
