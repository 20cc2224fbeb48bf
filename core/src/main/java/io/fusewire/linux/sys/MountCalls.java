package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** mount(2) and umount2(2). */
public final class MountCalls {
  private static final MethodHandle MOUNT =
      NativeBinder.bind("mount", INT, LONG, LONG, LONG, LONG, LONG);
  private static final MethodHandle UMOUNT = NativeBinder.bind("umount2", INT, LONG, INT);

  private MountCalls() {}

  /** For {@link #umount}: takes the mount out of the tree at once, although it is in use. */
  public static final int MNT_DETACH = 2;

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
}
