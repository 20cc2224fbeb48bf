package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls that take a name; names are addresses of NUL-terminated bytes. */
public final class NameCalls {
  private static final MethodHandle OPENAT =
      NativeBinder.bindVariadic("openat", 3, INT, INT, LONG, INT, INT);
  private static final MethodHandle MKDIRAT = NativeBinder.bind("mkdirat", INT, INT, LONG, INT);
  private static final MethodHandle MKNODAT =
      NativeBinder.bind("mknodat", INT, INT, LONG, INT, LONG);
  private static final MethodHandle UNLINKAT = NativeBinder.bind("unlinkat", INT, INT, LONG, INT);
  private static final MethodHandle RENAMEAT2 =
      NativeBinder.bind("renameat2", INT, INT, LONG, INT, LONG, INT);
  private static final MethodHandle LINKAT =
      NativeBinder.bind("linkat", INT, INT, LONG, INT, LONG, INT);
  private static final MethodHandle SYMLINKAT =
      NativeBinder.bind("symlinkat", INT, LONG, INT, LONG);
  private static final MethodHandle READLINKAT =
      NativeBinder.bind("readlinkat", LONG, INT, LONG, LONG, LONG);
  private static final MethodHandle FCHMODAT =
      NativeBinder.bind("fchmodat", INT, INT, LONG, INT, INT);
  private static final MethodHandle FCHOWNAT =
      NativeBinder.bind("fchownat", INT, INT, LONG, INT, INT, INT);
  private static final MethodHandle UTIMENSAT =
      NativeBinder.bind("utimensat", INT, INT, LONG, LONG, INT);
  private static final MethodHandle FACCESSAT =
      NativeBinder.bind("faccessat", INT, INT, LONG, INT, INT);
  private static final MethodHandle TRUNCATE = NativeBinder.bind("truncate", INT, LONG, LONG);
  private static final MethodHandle STATX =
      NativeBinder.bind("statx", INT, INT, LONG, INT, INT, LONG);
  private static final MethodHandle NAME_TO_HANDLE_AT =
      NativeBinder.bind("name_to_handle_at", INT, INT, LONG, LONG, LONG, INT);
  private static final MethodHandle OPEN_BY_HANDLE_AT =
      NativeBinder.bind("open_by_handle_at", INT, INT, LONG, INT);
  private static final MethodHandle STATVFS = NativeBinder.bind("statvfs", INT, LONG, LONG);

  // The same on all architectures: these calls came after the numbers were unified.
  private static final int SYS_OPENAT2 = 437;
  private static final int SYS_FCHMODAT2 = 452;

  private NameCalls() {}

  /** openat(2). */
  public static int openat(int directory, long name, int flags, int mode) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) OPENAT.invokeExact(errno, directory, name, flags, mode);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** mkdirat(2). */
  public static int mkdirat(int directory, long name, int mode) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) MKDIRAT.invokeExact(errno, directory, name, mode);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** mknodat(2); the device in the encoding of makedev(3). */
  public static int mknodat(int directory, long name, int mode, long device) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) MKNODAT.invokeExact(errno, directory, name, mode, device);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** unlinkat(2). */
  public static int unlinkat(int directory, long name, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) UNLINKAT.invokeExact(errno, directory, name, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** renameat2(2) with the flags of {@link Rename}. */
  public static int renameat2(int directory, long name, int newDirectory, long newName, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result =
          (int) RENAMEAT2.invokeExact(errno, directory, name, newDirectory, newName, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** linkat(2). */
  public static int linkat(int directory, long name, int newDirectory, long newName, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) LINKAT.invokeExact(errno, directory, name, newDirectory, newName, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** symlinkat(2). */
  public static int symlinkat(long target, int directory, long name) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SYMLINKAT.invokeExact(errno, target, directory, name);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** readlinkat(2). */
  public static long readlinkat(int directory, long name, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) READLINKAT.invokeExact(errno, directory, name, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fchmodat(3). */
  public static int fchmodat(int directory, long name, int mode, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FCHMODAT.invokeExact(errno, directory, name, mode, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fchownat(2); -1 leaves an id as it is. */
  public static int fchownat(int directory, long name, int uid, int gid, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FCHOWNAT.invokeExact(errno, directory, name, uid, gid, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** utimensat(2): two {@link TimespecBuffer}s, access and modification time. */
  public static int utimensat(int directory, long name, long timesAddress, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) UTIMENSAT.invokeExact(errno, directory, name, timesAddress, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** faccessat(3), by faccessat2(2) where there are flags. */
  public static int faccessat(int directory, long name, int mode, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FACCESSAT.invokeExact(errno, directory, name, mode, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** truncate(2). */
  public static int truncate(long path, long size) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) TRUNCATE.invokeExact(errno, path, size);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** statx(2) into a {@link StatxBuffer}. */
  public static int statx(int directory, long name, int flags, int mask, long statxAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) STATX.invokeExact(errno, directory, name, flags, mask, statxAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** name_to_handle_at(2). */
  public static int nameToHandleAt(
      int directory, long name, long handleAddress, long mountIdAddress, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result =
          (int)
              NAME_TO_HANDLE_AT.invokeExact(
                  errno, directory, name, handleAddress, mountIdAddress, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** open_by_handle_at(2). */
  public static int openByHandleAt(int mountFd, long handleAddress, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) OPEN_BY_HANDLE_AT.invokeExact(errno, mountFd, handleAddress, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** statvfs(3) into a {@link StatvfsBuffer}. */
  public static int statvfs(long path, long statvfsAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) STATVFS.invokeExact(errno, path, statvfsAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** openat2(2): flags, mode and {@code RESOLVE_*} are in an {@link OpenHow}. */
  public static int openat2(int directory, long name, long openHowAddress) {
    return (int) ProcessCalls.syscall(SYS_OPENAT2, directory, name, openHowAddress, OpenHow.BYTES);
  }

  /** fchmodat2(2), Linux 6.6: knows {@link At#SYMLINK_NOFOLLOW} and {@link At#EMPTY_PATH}. */
  public static int fchmodat2(int directory, long name, int mode, int flags) {
    return (int) ProcessCalls.syscall(SYS_FCHMODAT2, directory, name, mode, flags);
  }
}
