package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import org.jspecify.annotations.Nullable;

/**
 * Calls that start a child process and wait for it. Beside them the Java runtime reaps only
 * children of its own.
 */
public final class SpawnCalls {
  private static final MethodHandle WAITPID = NativeBinder.bind("waitpid", INT, INT, LONG, INT);
  private static final MethodHandle ACTIONS_INIT =
      NativeBinder.bind("posix_spawn_file_actions_init", INT, LONG);
  private static final MethodHandle ACTIONS_DUP =
      NativeBinder.bind("posix_spawn_file_actions_adddup2", INT, LONG, INT, INT);
  private static final MethodHandle ACTIONS_DESTROY =
      NativeBinder.bind("posix_spawn_file_actions_destroy", INT, LONG);
  private static final MethodHandle SPAWN =
      NativeBinder.bind("posix_spawn", INT, LONG, LONG, LONG, LONG, LONG, LONG);

  // Absent before glibc 2.34; without it a child sees what was opened without O_CLOEXEC.
  private static final @Nullable MethodHandle ACTIONS_CLOSE_FROM =
      NativeBinder.bindIfPresent("posix_spawn_file_actions_addclosefrom_np", INT, LONG, INT);

  /** For {@link #waitpid}: does not wait. */
  public static final int WNOHANG = 1;

  private static final int SYS_PIDFD_OPEN = 434;

  private SpawnCalls() {}

  /** waitpid(2). */
  public static int waitpid(int pid, long statusAddress, int options) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) WAITPID.invokeExact(errno, pid, statusAddress, options);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** posix_spawn_file_actions_init(3); returns a positive errno. */
  public static int actionsInit(long actions) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) ACTIONS_INIT.invokeExact(errno, actions);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** posix_spawn_file_actions_adddup2(3); returns a positive errno. */
  public static int actionsDup(long actions, int fd, int newFd) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) ACTIONS_DUP.invokeExact(errno, actions, fd, newFd);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** posix_spawn_file_actions_destroy(3); returns a positive errno. */
  public static int actionsDestroy(long actions) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) ACTIONS_DESTROY.invokeExact(errno, actions);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** posix_spawn(3); returns a positive errno. */
  public static int spawn(
      long pidAddress, long path, long actions, long attributes, long arguments, long environment) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result =
          (int)
              SPAWN.invokeExact(
                  errno, pidAddress, path, actions, attributes, arguments, environment);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /**
   * posix_spawn_file_actions_addclosefrom_np(3); returns a positive errno. Does nothing where the C
   * library does not know it.
   */
  public static int actionsCloseFrom(long actions, int firstFd) {
    if (ACTIONS_CLOSE_FROM == null) {
      return 0;
    }
    MemorySegment errno = ErrnoState.current();
    try {
      return (int) ACTIONS_CLOSE_FROM.invokeExact(errno, actions, firstFd);
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /**
   * pidfd_open(2), Linux 5.3: a descriptor that poll(2) finds readable when the child has ended.
   */
  public static int pidfdOpen(int pid) {
    return (int) ProcessCalls.syscall(SYS_PIDFD_OPEN, pid, 0, 0, 0);
  }
}
