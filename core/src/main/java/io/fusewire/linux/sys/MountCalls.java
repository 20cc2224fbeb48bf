package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls that mount and unmount. */
public final class MountCalls {
  private static final MethodHandle MOUNT =
      NativeBinder.bind("mount", INT, LONG, LONG, LONG, LONG, LONG);
  private static final MethodHandle UMOUNT = NativeBinder.bind("umount2", INT, LONG, INT);

  // The same on all architectures (Linux 5.2).
  private static final int SYS_FSOPEN = 430;
  private static final int SYS_FSCONFIG = 431;
  private static final int SYS_FSMOUNT = 432;
  private static final int CLOEXEC = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;

  private MountCalls() {}

  /** For {@link #umount}: takes the mount out of the tree at once, although it is in use. */
  public static final int MNT_DETACH = 2;

  /** For {@link #umount}: a FUSE connection is aborted first. */
  public static final int MNT_FORCE = 1;

  /** For {@link #umount}: does not follow a symbolic link as the last part of the path. */
  public static final int UMOUNT_NOFOLLOW = 8;

  /** mount(2). */
  public static int mount(long source, long target, long type, long flags, long data) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) MOUNT.invokeExact(errno, source, target, type, flags, data);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** umount2(2). */
  public static int umount(long target, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) UMOUNT.invokeExact(errno, target, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fsopen(2): begins to make a mount of a file system type; a descriptor. */
  public static int fsopen(long type) {
    return (int) ProcessCalls.syscall(SYS_FSOPEN, type, CLOEXEC, 0, 0);
  }

  /** fsconfig(2) with FSCONFIG_CMD_CREATE. */
  public static int fscreate(int fd) {
    return (int) ProcessCalls.syscall(SYS_FSCONFIG, fd, FSCONFIG_CMD_CREATE, 0, 0);
  }

  /** fsmount(2): the mount as a descriptor, seen by nobody until it is attached. */
  public static int fsmount(int fd, int attributes) {
    return (int) ProcessCalls.syscall(SYS_FSMOUNT, fd, CLOEXEC, attributes, 0);
  }
}
