package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** System calls that mount, and what the mount helper needs. */
public final class MountCalls {
  private static final MethodHandle MOUNT =
      NativeBinder.bind("mount", INT, LONG, LONG, LONG, LONG, LONG);
  private static final MethodHandle UMOUNT = NativeBinder.bind("umount2", INT, LONG, INT);
  private static final MethodHandle SOCKETPAIR =
      NativeBinder.bind("socketpair", INT, INT, INT, INT, LONG);
  private static final MethodHandle RECVMSG = NativeBinder.bind("recvmsg", LONG, INT, LONG, INT);
  private static final MethodHandle WAITPID = NativeBinder.bind("waitpid", INT, INT, LONG, INT);
  private static final MethodHandle SPAWN_ACTIONS_INIT =
      NativeBinder.bind("posix_spawn_file_actions_init", INT, LONG);
  private static final MethodHandle SPAWN_ACTIONS_DUP =
      NativeBinder.bind("posix_spawn_file_actions_adddup2", INT, LONG, INT, INT);
  private static final MethodHandle SPAWN_ACTIONS_DESTROY =
      NativeBinder.bind("posix_spawn_file_actions_destroy", INT, LONG);
  private static final MethodHandle SPAWN =
      NativeBinder.bind("posix_spawn", INT, LONG, LONG, LONG, LONG, LONG, LONG);
  private static final MethodHandle PIPE = NativeBinder.bind("pipe2", INT, LONG, INT);

  private MountCalls() {}

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

  /** socketpair(2). */
  public static int socketpair(int domain, int type, int protocol, long pairAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SOCKETPAIR.invokeExact(errno, domain, type, protocol, pairAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** recvmsg(2). */
  public static long recvmsg(int fd, long messageAddress, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) RECVMSG.invokeExact(errno, fd, messageAddress, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

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
  public static int spawnActionsInit(long actions) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SPAWN_ACTIONS_INIT.invokeExact(errno, actions);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** posix_spawn_file_actions_adddup2(3); returns a positive errno. */
  public static int spawnActionsDup(long actions, int fd, int newFd) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SPAWN_ACTIONS_DUP.invokeExact(errno, actions, fd, newFd);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** posix_spawn_file_actions_destroy(3); returns a positive errno. */
  public static int spawnActionsDestroy(long actions) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SPAWN_ACTIONS_DESTROY.invokeExact(errno, actions);
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

  /** pipe2(2). */
  public static int pipe(long pairAddress, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) PIPE.invokeExact(errno, pairAddress, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }
}
