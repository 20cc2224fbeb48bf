package io.fusewire.linux.ffi;

import io.fusewire.wire.Errno;
import java.io.IOException;

/**
 * A system call failed where that ends what the user wanted. The message names the call, its
 * argument, the errno and the way out.
 */
public final class LinuxException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The errno, positive; 0 when no system call failed. */
  private final int errno;

  /**
   * Describes a failed call.
   *
   * @param call with its argument, such as {@code mount("/mnt/x")}
   * @param errno positive or negative
   * @param advice what the user can do, a sentence
   */
  public LinuxException(String call, int errno, String advice) {
    super(call + ": " + Errno.describe(Math.abs(errno)) + (advice.isEmpty() ? "" : ". " + advice));
    this.errno = Math.abs(errno);
  }

  /** Describes a situation that is no failed call. */
  public LinuxException(String message) {
    super(message);
    this.errno = 0;
  }

  /** The errno, positive; 0 when no system call failed. */
  public int errno() {
    return errno;
  }

  /** Gives a call's result back, or throws when it is a negative errno. */
  public static int check(int result, String call, String advice) throws LinuxException {
    if (result < 0) {
      throw new LinuxException(call, result, advice);
    }
    return result;
  }
}
