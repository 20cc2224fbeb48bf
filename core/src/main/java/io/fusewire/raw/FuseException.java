package io.fusewire.raw;

import io.fusewire.wire.Errno;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.NotLinkException;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

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

  /**
   * The errno that tells a failure best, positive: of a FuseException its own, of java.nio.file's
   * exceptions theirs, ETIMEDOUT for a TimeoutException; wrappers count as what they wrap. EIO for
   * everything else.
   */
  public static int errnoOf(Throwable failure) {
    return switch (failure) {
      case FuseException own -> own.errno;
      case NoSuchFileException _ -> Errno.ENOENT;
      case FileAlreadyExistsException _ -> Errno.EEXIST;
      case AccessDeniedException _ -> Errno.EACCES;
      case DirectoryNotEmptyException _ -> Errno.ENOTEMPTY;
      case NotDirectoryException _ -> Errno.ENOTDIR;
      case NotLinkException _ -> Errno.EINVAL;
      case FileSystemLoopException _ -> Errno.ELOOP;
      case AtomicMoveNotSupportedException _ -> Errno.EXDEV;
      case ReadOnlyFileSystemException _ -> Errno.EROFS;
      case TimeoutException _ -> Errno.ETIMEDOUT;
      case UncheckedIOException wrapper -> ofCause(wrapper);
      case CompletionException wrapper -> ofCause(wrapper);
      case ExecutionException wrapper -> ofCause(wrapper);
      default -> Errno.EIO;
    };
  }

  private static int ofCause(Throwable wrapper) {
    Throwable cause = wrapper.getCause();
    return cause == null ? Errno.EIO : errnoOf(cause);
  }
}
