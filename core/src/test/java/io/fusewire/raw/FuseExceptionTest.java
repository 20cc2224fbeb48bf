package io.fusewire.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.Errno;
import java.io.IOException;
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
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Exceptions become the errno that tells best what happened. */
@Timeout(60)
class FuseExceptionTest {
  @Test
  void failuresOfJavaHaveTheirErrno() {
    Map<Throwable, Integer> expected =
        Map.ofEntries(
            Map.entry(new FuseException(Errno.EDQUOT), Errno.EDQUOT),
            Map.entry(new NoSuchFileException("a"), Errno.ENOENT),
            Map.entry(new FileAlreadyExistsException("a"), Errno.EEXIST),
            Map.entry(new AccessDeniedException("a"), Errno.EACCES),
            Map.entry(new DirectoryNotEmptyException("a"), Errno.ENOTEMPTY),
            Map.entry(new NotDirectoryException("a"), Errno.ENOTDIR),
            Map.entry(new NotLinkException("a"), Errno.EINVAL),
            Map.entry(new FileSystemLoopException("a"), Errno.ELOOP),
            Map.entry(new AtomicMoveNotSupportedException("a", "b", "c"), Errno.EXDEV),
            Map.entry(new ReadOnlyFileSystemException(), Errno.EROFS),
            Map.entry(new TimeoutException(), Errno.ETIMEDOUT),
            Map.entry(new IOException("disk"), Errno.EIO),
            Map.entry(new StackOverflowError(), Errno.EIO));
    expected.forEach(
        (failure, errno) -> {
          assertThat(FuseException.errnoOf(failure)).as("%s", failure).isEqualTo(errno);
          assertThat(FuseException.errnoOf(new CompletionException(failure))).isEqualTo(errno);
          assertThat(FuseException.errnoOf(new ExecutionException(failure))).isEqualTo(errno);
        });
  }

  @Test
  void wrappersCountAsWhatTheyWrap() {
    IOException absent = new NoSuchFileException("a");
    assertThat(FuseException.errnoOf(new CompletionException(new UncheckedIOException(absent))))
        .isEqualTo(Errno.ENOENT);
    assertThat(FuseException.errnoOf(new CompletionException((Throwable) null)))
        .isEqualTo(Errno.EIO);
  }
}
