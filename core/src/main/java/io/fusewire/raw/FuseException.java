package io.fusewire.raw;

import io.fusewire.wire.Errno;

/**
 * An error that a handler throws instead of answering it; the caller gets the errno and nothing is
 * logged. Carries no stack trace, so that daily errors stay cheap.
 */
public final class FuseException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The errno, positive. */
  private final int errno;

  /** Makes an error with this errno, such as {@link Errno#ENOENT}; what is no errno becomes EIO. */
  public FuseException(int errno) {
    super(Errno.describe(errno), null, false, false);
    this.errno = errno > 0 && errno < Errno.LIMIT ? errno : Errno.EIO;
  }

  /** The errno, positive. */
  public int errno() {
    return errno;
  }
}
