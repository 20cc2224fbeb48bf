package io.fusewire.linux.sys;

import java.lang.foreign.MemorySegment;

/**
 * The system calls of the request path, with the caller's own errno segment. They go through
 * syscall(2): the C library's read and write are cancellation points (pthreads(7)), for which they
 * pay with two atomic operations each time, and nobody cancels a thread of Java.
 */
public final class DeviceCalls {
  private static final boolean ARM = Architecture.isArm();
  private static final long READ = ARM ? 63 : 0;
  private static final long WRITE = ARM ? 64 : 1;
  private static final long WRITEV = ARM ? 66 : 20;

  private DeviceCalls() {}

  /** read(2). */
  public static long read(MemorySegment errno, int fd, long address, long length) {
    return ProcessCalls.syscall(errno, READ, fd, address, length, 0, 0, 0);
  }

  /** write(2). */
  public static long write(MemorySegment errno, int fd, long address, long length) {
    return ProcessCalls.syscall(errno, WRITE, fd, address, length, 0, 0, 0);
  }

  /** writev(2). */
  public static long writev(MemorySegment errno, int fd, long vectors, int count) {
    return ProcessCalls.syscall(errno, WRITEV, fd, vectors, count, 0, 0, 0);
  }
}
