package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

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
}
