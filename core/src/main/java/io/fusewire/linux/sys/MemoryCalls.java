package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls on memory. */
public final class MemoryCalls {
  private static final MethodHandle MMAP =
      NativeBinder.bind("mmap", LONG, LONG, LONG, INT, INT, INT, LONG);
  private static final MethodHandle MUNMAP = NativeBinder.bind("munmap", INT, LONG, LONG);
  private static final MethodHandle MADVISE = NativeBinder.bind("madvise", INT, LONG, LONG, INT);

  private static final MethodHandle MREMAP =
      NativeBinder.bindVariadic("mremap", 4, LONG, LONG, LONG, LONG, INT, LONG);

  private MemoryCalls() {}

  /** mremap(2) with MREMAP_FIXED's new address. */
  public static long mremap(
      long address, long oldLength, long newLength, int flags, long newAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result =
          (long) MREMAP.invokeExact(errno, address, oldLength, newLength, flags, newAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** mmap(2). */
  public static long mmap(
      long address, long length, int protection, int flags, int fd, long offset) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) MMAP.invokeExact(errno, address, length, protection, flags, fd, offset);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** munmap(2). */
  public static int munmap(long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) MUNMAP.invokeExact(errno, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** madvise(2). */
  public static int madvise(long address, long length, int advice) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) MADVISE.invokeExact(errno, address, length, advice);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }
}
