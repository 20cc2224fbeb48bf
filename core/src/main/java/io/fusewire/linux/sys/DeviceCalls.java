package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The system calls of the request path, with the caller's own errno segment. They go through
 * syscall(2): the C library's read and write are cancellation points (pthreads(7)), for which they
 * pay with two atomic operations each time, and nobody cancels a thread of Java.
 */
public final class DeviceCalls {
  private static final MethodHandle SYSCALL =
      NativeBinder.bindVariadic("syscall", 1, LONG, LONG, LONG, LONG, LONG);

  private static final boolean ARM = Architecture.isArm();
  private static final long READ = ARM ? 63 : 0;
  private static final long WRITE = ARM ? 64 : 1;
  private static final long WRITEV = ARM ? 66 : 20;

  private DeviceCalls() {}

  /** read(2). */
  public static long read(MemorySegment errno, int fd, long address, long length) {
    return call(errno, READ, fd, address, length);
  }

  /** write(2). */
  public static long write(MemorySegment errno, int fd, long address, long length) {
    return call(errno, WRITE, fd, address, length);
  }

  /** writev(2). */
  public static long writev(MemorySegment errno, int fd, long vectors, int count) {
    return call(errno, WRITEV, fd, vectors, count);
  }

  private static long call(MemorySegment errno, long number, long fd, long address, long length) {
    try {
      long result = (long) SYSCALL.invokeExact(errno, number, fd, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }
}
