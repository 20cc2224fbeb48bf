package io.fusewire.linux.sys;

import static io.fusewire.linux.ffi.NativeBinder.INT;
import static io.fusewire.linux.ffi.NativeBinder.LONG;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.NativeBinder;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/** The system calls of io_uring(7), which the C library does not wrap. */
public final class UringCalls {
  /** A flag of {@link #setup}: one bad submission does not keep those behind it back. */
  public static final int SETUP_SUBMIT_ALL = 1 << 7;

  /** A flag of {@link #setup}: completions wait until the thread enters the kernel by itself. */
  public static final int SETUP_COOP_TASKRUN = 1 << 8;

  /** A flag of {@link #setup}: submissions of 128 bytes. */
  public static final int SETUP_SQE128 = 1 << 10;

  /** A flag of {@link #enter}: gets completions. */
  public static final int ENTER_GETEVENTS = 1;

  /** A flag of {@link #enter}: the descriptor is the place of a registered ring. */
  public static final int ENTER_REGISTERED_RING = 1 << 4;

  /** What {@link #register} is to do: keep descriptors for submissions. */
  public static final int REGISTER_FILES = 2;

  /** What {@link #register} is to do: keep the ring's own descriptor for this thread. */
  public static final int REGISTER_RING_FDS = 20;

  /** The offset at which mmap(2) gives both rings. */
  public static final long MAP_RINGS = 0;

  /** The offset at which mmap(2) gives the submissions. */
  public static final long MAP_SQES = 0x10000000L;

  private static final long SETUP = 425; // the same on all architectures
  private static final long ENTER = 426;
  private static final long REGISTER = 427;

  private static final MethodHandle SYSCALL =
      NativeBinder.bindVariadic("syscall", 1, LONG, LONG, INT, INT, INT, INT, LONG, LONG);

  private UringCalls() {}

  /** io_uring_setup(2); a descriptor or a negative errno. */
  public static int setup(int entries, long paramsAddress) {
    return (int) ProcessCalls.syscall(SETUP, entries, paramsAddress, 0, 0);
  }

  /** io_uring_register(2). */
  public static int register(int fd, int operation, long address, int count) {
    return (int) ProcessCalls.syscall(REGISTER, fd, operation, address, count);
  }

  /** io_uring_enter(2), with the caller's own errno segment. */
  public static int enter(MemorySegment errno, int fd, int submit, int wait, int flags) {
    try {
      long result = (long) SYSCALL.invokeExact(errno, ENTER, fd, submit, wait, flags, 0L, 0L);
      return result == -1 ? ErrnoState.negative(errno) : (int) result;
    } catch (Throwable e) {
      throw NativeBinder.broken(e);
    }
  }
}
