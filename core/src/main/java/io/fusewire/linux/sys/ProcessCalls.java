package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls on the calling process or thread. */
public final class ProcessCalls {
  /** For {@link #unshare}: umask, working directory and root become the thread's own. */
  public static final int CLONE_FS = 0x200;

  private static final MethodHandle GETUID = NativeBinder.bind("getuid", INT);
  private static final MethodHandle GETEUID = NativeBinder.bind("geteuid", INT);
  private static final MethodHandle GETGID = NativeBinder.bind("getgid", INT);
  private static final MethodHandle KILL = NativeBinder.bind("kill", INT, INT, INT);
  private static final MethodHandle UNSHARE = NativeBinder.bind("unshare", INT, INT);
  private static final MethodHandle UMASK = NativeBinder.bind("umask", INT, INT);
  private static final MethodHandle PRCTL =
      NativeBinder.bindVariadic("prctl", 1, INT, INT, LONG, LONG, LONG, LONG);
  private static final MethodHandle SCHED_SETAFFINITY =
      NativeBinder.bind("sched_setaffinity", INT, INT, LONG, LONG);
  private static final MethodHandle GETRLIMIT = NativeBinder.bind("getrlimit", INT, INT, LONG);
  private static final MethodHandle GETPID = NativeBinder.bind("getpid", INT);
  private static final MethodHandle GETTID = NativeBinder.bind("gettid", INT);
  private static final MethodHandle TGKILL = NativeBinder.bind("tgkill", INT, INT, INT, INT);
  private static final MethodHandle SETRLIMIT = NativeBinder.bind("setrlimit", INT, INT, LONG);
  private static final MethodHandle SCHED_GETAFFINITY =
      NativeBinder.bind("sched_getaffinity", INT, INT, LONG, LONG);
  private static final MethodHandle SYSCALL =
      NativeBinder.bindVariadic("syscall", 1, LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG);

  private static final MethodHandle CHDIR = NativeBinder.bind("chdir", INT, LONG);
  private static final MethodHandle SETSID = NativeBinder.bind("setsid", INT);

  private ProcessCalls() {}

  /** setsid(2). */
  public static int setsid() {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SETSID.invokeExact(errno);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** chdir(2); for the whole process unless {@link #unshare} came before. */
  public static int chdir(long pathAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) CHDIR.invokeExact(errno, pathAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** getuid(2); an unsigned int. */
  public static int getuid() {
    MemorySegment errno = ErrnoState.current();
    try {
      return (int) GETUID.invokeExact(errno);
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** geteuid(2); an unsigned int. */
  public static int geteuid() {
    MemorySegment errno = ErrnoState.current();
    try {
      return (int) GETEUID.invokeExact(errno);
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** getgid(2); an unsigned int. */
  public static int getgid() {
    MemorySegment errno = ErrnoState.current();
    try {
      return (int) GETGID.invokeExact(errno);
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** kill(2). */
  public static int kill(int pid, int signal) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) KILL.invokeExact(errno, pid, signal);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /**
   * unshare(2). After {@code unshare(}{@link #CLONE_FS}{@code )} a platform thread has a umask and
   * a working directory of its own. There is no way back: do it on threads that you own.
   */
  public static int unshare(int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) UNSHARE.invokeExact(errno, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** umask(2), which never fails; for the whole process unless {@link #unshare} came before. */
  public static int umask(int mask) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) UMASK.invokeExact(errno, mask);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** prctl(2). */
  public static int prctl(
      int option, long argument2, long argument3, long argument4, long argument5) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result =
          (int) PRCTL.invokeExact(errno, option, argument2, argument3, argument4, argument5);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** sched_setaffinity(2); 0 is the calling thread. */
  public static int schedSetaffinity(int tid, long length, long maskAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SCHED_SETAFFINITY.invokeExact(errno, tid, length, maskAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** getrlimit(2). */
  public static int getrlimit(int resource, long limitAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) GETRLIMIT.invokeExact(errno, resource, limitAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** getpid(2). */
  public static int getpid() {
    MemorySegment errno = ErrnoState.current();
    try {
      return (int) GETPID.invokeExact(errno);
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** gettid(2). */
  public static int gettid() {
    MemorySegment errno = ErrnoState.current();
    try {
      return (int) GETTID.invokeExact(errno);
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** tgkill(2). */
  public static int tgkill(int process, int thread, int signal) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) TGKILL.invokeExact(errno, process, thread, signal);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** setrlimit(2); two longs, soft and hard limit. */
  public static int setrlimit(int resource, long limitAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SETRLIMIT.invokeExact(errno, resource, limitAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** sched_getaffinity(2); 0 is the calling thread. */
  public static int schedGetaffinity(int tid, long length, long maskAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SCHED_GETAFFINITY.invokeExact(errno, tid, length, maskAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** syscall(2): a call as the kernel makes it, for this thread alone. */
  public static long syscall(long number, long a, long b, long c, long d) {
    return syscall(number, a, b, c, d, 0, 0);
  }

  /** syscall(2) with all six arguments that the kernel knows. */
  public static long syscall(long number, long a, long b, long c, long d, long e, long f) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) SYSCALL.invokeExact(errno, number, a, b, c, d, e, f);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable broken) {
      throw NativeBinder.broken(broken);
    }
  }
}
