package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls on open files. */
public final class FileCalls {
  /** A flag of {@link #pwritev2}: writes at the end of the file, wherever that is by then. */
  public static final int RWF_APPEND = 0x10;

  private static final MethodHandle CLOSE = NativeBinder.bind("close", INT, INT);
  private static final MethodHandle DUP = NativeBinder.bind("dup", INT, INT);
  private static final MethodHandle PREAD = NativeBinder.bind("pread", LONG, INT, LONG, LONG, LONG);
  private static final MethodHandle WRITE = NativeBinder.bind("write", LONG, INT, LONG, LONG);
  private static final MethodHandle PWRITE =
      NativeBinder.bind("pwrite", LONG, INT, LONG, LONG, LONG);
  private static final MethodHandle PREADV =
      NativeBinder.bind("preadv", LONG, INT, LONG, INT, LONG);
  private static final MethodHandle LSEEK = NativeBinder.bind("lseek", LONG, INT, LONG, INT);
  private static final MethodHandle FTRUNCATE = NativeBinder.bind("ftruncate", INT, INT, LONG);
  private static final MethodHandle FALLOCATE =
      NativeBinder.bind("fallocate", INT, INT, INT, LONG, LONG);
  private static final MethodHandle FSYNC = NativeBinder.bind("fsync", INT, INT);
  private static final MethodHandle FDATASYNC = NativeBinder.bind("fdatasync", INT, INT);
  private static final MethodHandle SYNCFS = NativeBinder.bind("syncfs", INT, INT);
  private static final MethodHandle COPY_FILE_RANGE =
      NativeBinder.bind("copy_file_range", LONG, INT, LONG, INT, LONG, LONG, INT);
  private static final MethodHandle FCHMOD = NativeBinder.bind("fchmod", INT, INT, INT);
  private static final MethodHandle FCHOWN = NativeBinder.bind("fchown", INT, INT, INT, INT);
  private static final MethodHandle FUTIMENS = NativeBinder.bind("futimens", INT, INT, LONG);
  private static final MethodHandle FSTATVFS = NativeBinder.bind("fstatvfs", INT, INT, LONG);
  private static final MethodHandle GETDENTS =
      NativeBinder.bind("getdents64", LONG, INT, LONG, LONG);
  private static final MethodHandle FLOCK = NativeBinder.bind("flock", INT, INT, INT);
  private static final MethodHandle FCNTL =
      NativeBinder.bindVariadic("fcntl", 2, INT, INT, INT, LONG);
  private static final MethodHandle IOCTL =
      NativeBinder.bindVariadic("ioctl", 2, INT, INT, LONG, LONG);
  private static final MethodHandle POLL = NativeBinder.bind("poll", INT, LONG, LONG, INT);
  private static final MethodHandle READ = NativeBinder.bind("read", LONG, INT, LONG, LONG);
  private static final MethodHandle WRITEV = NativeBinder.bind("writev", LONG, INT, LONG, INT);
  private static final MethodHandle READV = NativeBinder.bind("readv", LONG, INT, LONG, INT);
  private static final MethodHandle PWRITEV =
      NativeBinder.bind("pwritev", LONG, INT, LONG, INT, LONG);
  private static final MethodHandle PWRITEV2 =
      NativeBinder.bind("pwritev2", LONG, INT, LONG, INT, LONG, INT);
  private static final MethodHandle SYNC_FILE_RANGE =
      NativeBinder.bind("sync_file_range", INT, INT, LONG, LONG, INT);

  private FileCalls() {}

  /** close(2). */
  public static int close(int fd) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) CLOSE.invokeExact(errno, fd);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** dup(2). */
  public static int dup(int fd) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) DUP.invokeExact(errno, fd);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** read(2). */
  public static long read(int fd, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) READ.invokeExact(errno, fd, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** pread(2). */
  public static long pread(int fd, long address, long length, long offset) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) PREAD.invokeExact(errno, fd, address, length, offset);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** write(2). */
  public static long write(int fd, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) WRITE.invokeExact(errno, fd, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** pwrite(2). */
  public static long pwrite(int fd, long address, long length, long offset) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) PWRITE.invokeExact(errno, fd, address, length, offset);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** preadv(2). */
  public static long preadv(int fd, long vectors, int count, long offset) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) PREADV.invokeExact(errno, fd, vectors, count, offset);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** lseek(2) with the origins of {@link Seek}. */
  public static long lseek(int fd, long offset, int whence) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) LSEEK.invokeExact(errno, fd, offset, whence);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** ftruncate(2). */
  public static int ftruncate(int fd, long size) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FTRUNCATE.invokeExact(errno, fd, size);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fallocate(2) with the modes of {@link Fallocate}. */
  public static int fallocate(int fd, int mode, long offset, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FALLOCATE.invokeExact(errno, fd, mode, offset, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fsync(2). */
  public static int fsync(int fd) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FSYNC.invokeExact(errno, fd);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fdatasync(2). */
  public static int fdatasync(int fd) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FDATASYNC.invokeExact(errno, fd);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** syncfs(2). */
  public static int syncfs(int fd) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SYNCFS.invokeExact(errno, fd);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** copy_file_range(2). */
  public static long copyFileRange(
      int fdIn, long offsetInAddress, int fdOut, long offsetOutAddress, long length, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result =
          (long)
              COPY_FILE_RANGE.invokeExact(
                  errno, fdIn, offsetInAddress, fdOut, offsetOutAddress, length, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fchmod(2). */
  public static int fchmod(int fd, int mode) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FCHMOD.invokeExact(errno, fd, mode);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fchown(2); -1 leaves an id as it is. */
  public static int fchown(int fd, int uid, int gid) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FCHOWN.invokeExact(errno, fd, uid, gid);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** futimens(3): two {@link TimespecBuffer}s, access and modification time. */
  public static int futimens(int fd, long timesAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FUTIMENS.invokeExact(errno, fd, timesAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fstatvfs(3) into a {@link StatvfsBuffer}. */
  public static int fstatvfs(int fd, long statvfsAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FSTATVFS.invokeExact(errno, fd, statvfsAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** getdents64(2) into {@link DirentBuffer}s. */
  public static long getdents(int fd, long address, long length) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) GETDENTS.invokeExact(errno, fd, address, length);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** flock(2) with the {@code LOCK_*} of {@link Lock}. */
  public static int flock(int fd, int operation) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FLOCK.invokeExact(errno, fd, operation);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** fcntl(2) with the commands of {@link Fcntl}; the argument is an int or an address. */
  public static int fcntl(int fd, int command, long argument) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) FCNTL.invokeExact(errno, fd, command, argument);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** ioctl(2); the argument is often an address. */
  public static int ioctl(int fd, long request, long argument) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) IOCTL.invokeExact(errno, fd, request, argument);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** poll(2) on {@link PollBuffer}s; a negative time waits for ever. */
  public static int poll(long pollfdsAddress, long count, int timeoutMillis) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) POLL.invokeExact(errno, pollfdsAddress, count, timeoutMillis);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** writev(2). */
  public static long writev(int fd, long vectors, int count) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) WRITEV.invokeExact(errno, fd, vectors, count);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** readv(2). */
  public static long readv(int fd, long vectors, int count) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) READV.invokeExact(errno, fd, vectors, count);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** pwritev(2). */
  public static long pwritev(int fd, long vectors, int count, long offset) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) PWRITEV.invokeExact(errno, fd, vectors, count, offset);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** pwritev2(2). */
  public static long pwritev2(int fd, long vectors, int count, long offset, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) PWRITEV2.invokeExact(errno, fd, vectors, count, offset, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** sync_file_range(2). */
  public static int syncFileRange(int fd, long offset, long length, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SYNC_FILE_RANGE.invokeExact(errno, fd, offset, length, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }
}
