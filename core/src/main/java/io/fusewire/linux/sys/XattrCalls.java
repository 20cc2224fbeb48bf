package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls on extended attributes; names are addresses of NUL-terminated bytes. */
public final class XattrCalls {
  private static final MethodHandle GETXATTR =
      NativeBinder.bind("getxattr", LONG, LONG, LONG, LONG, LONG);
  private static final MethodHandle SETXATTR =
      NativeBinder.bind("setxattr", INT, LONG, LONG, LONG, LONG, INT);
  private static final MethodHandle LISTXATTR =
      NativeBinder.bind("listxattr", LONG, LONG, LONG, LONG);
  private static final MethodHandle REMOVEXATTR = NativeBinder.bind("removexattr", INT, LONG, LONG);
  private static final MethodHandle LGETXATTR =
      NativeBinder.bind("lgetxattr", LONG, LONG, LONG, LONG, LONG);
  private static final MethodHandle LSETXATTR =
      NativeBinder.bind("lsetxattr", INT, LONG, LONG, LONG, LONG, INT);
  private static final MethodHandle LLISTXATTR =
      NativeBinder.bind("llistxattr", LONG, LONG, LONG, LONG);
  private static final MethodHandle LREMOVEXATTR =
      NativeBinder.bind("lremovexattr", INT, LONG, LONG);
  private static final MethodHandle FGETXATTR =
      NativeBinder.bind("fgetxattr", LONG, INT, LONG, LONG, LONG);
  private static final MethodHandle FSETXATTR =
      NativeBinder.bind("fsetxattr", INT, INT, LONG, LONG, LONG, INT);
  private static final MethodHandle FLISTXATTR =
      NativeBinder.bind("flistxattr", LONG, INT, LONG, LONG);
  private static final MethodHandle FREMOVEXATTR =
      NativeBinder.bind("fremovexattr", INT, INT, LONG);

  private XattrCalls() {}

  /** getxattr(2). */
  public static long getxattr(long path, long name, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) GETXATTR.invokeExact(errno, path, name, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** setxattr(2). */
  public static int setxattr(long path, long name, long address, long length, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SETXATTR.invokeExact(errno, path, name, address, length, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** listxattr(2). */
  public static long listxattr(long path, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) LISTXATTR.invokeExact(errno, path, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** removexattr(2). */
  public static int removexattr(long path, long name) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) REMOVEXATTR.invokeExact(errno, path, name);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** lgetxattr(2). */
  public static long lgetxattr(long path, long name, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) LGETXATTR.invokeExact(errno, path, name, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** lsetxattr(2). */
  public static int lsetxattr(long path, long name, long address, long length, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) LSETXATTR.invokeExact(errno, path, name, address, length, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** llistxattr(2). */
  public static long llistxattr(long path, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) LLISTXATTR.invokeExact(errno, path, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** lremovexattr(2). */
  public static int lremovexattr(long path, long name) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) LREMOVEXATTR.invokeExact(errno, path, name);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fgetxattr(2). */
  public static long fgetxattr(int fd, long name, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) FGETXATTR.invokeExact(errno, fd, name, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fsetxattr(2). */
  public static int fsetxattr(int fd, long name, long address, long length, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FSETXATTR.invokeExact(errno, fd, name, address, length, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** flistxattr(2). */
  public static long flistxattr(int fd, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) FLISTXATTR.invokeExact(errno, fd, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fremovexattr(2). */
  public static int fremovexattr(int fd, long name) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FREMOVEXATTR.invokeExact(errno, fd, name);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }
}
