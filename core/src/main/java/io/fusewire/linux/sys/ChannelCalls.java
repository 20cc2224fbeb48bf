package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * System calls that make pipes, sockets and event counters, and pass descriptors between processes.
 */
public final class ChannelCalls {
  private static final MethodHandle PIPE = NativeBinder.bind("pipe2", INT, LONG, INT);
  private static final MethodHandle SOCKETPAIR =
      NativeBinder.bind("socketpair", INT, INT, INT, INT, LONG);
  private static final MethodHandle SENDMSG = NativeBinder.bind("sendmsg", LONG, INT, LONG, INT);
  private static final MethodHandle RECVMSG = NativeBinder.bind("recvmsg", LONG, INT, LONG, INT);
  private static final MethodHandle EVENTFD = NativeBinder.bind("eventfd", INT, INT, INT);

  private ChannelCalls() {}

  /** pipe2(2); the two descriptors are put at the address as ints. */
  public static int pipe(long pairAddress, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) PIPE.invokeExact(errno, pairAddress, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** socketpair(2); the two descriptors are put at the address as ints. */
  public static int socketpair(int domain, int type, int protocol, long pairAddress) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) SOCKETPAIR.invokeExact(errno, domain, type, protocol, pairAddress);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }

  /** sendmsg(2). */
  public static long sendmsg(int fd, long messageAddress, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      long result = (long) SENDMSG.invokeExact(errno, fd, messageAddress, flags);
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

  /** eventfd(2). */
  public static int eventfd(int initial, int flags) {
    MemorySegment errno = ErrnoState.current();
    try {
      int result = (int) EVENTFD.invokeExact(errno, initial, flags);
      return result == -1 ? ErrnoState.negative(errno) : result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }
}
