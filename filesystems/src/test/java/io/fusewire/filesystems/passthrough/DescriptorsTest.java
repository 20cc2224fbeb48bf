package io.fusewire.filesystems.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When the descriptors of nodes are closed. */
@Timeout(10)
class DescriptorsTest {
  private static int open(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      long address = CString.of(arena, path.toString()).address();
      int fd = NameCalls.openat(At.FDCWD, address, Open.PATH | Open.CLOEXEC, 0);
      assertThat(fd).isNotNegative();
      return fd;
    }
  }

  private static int flags(int fd) {
    return FileCalls.fcntl(fd, Fcntl.GETFD, 0);
  }

  @Test
  void aNodeForgottenInUseIsClosedWhenItsLastUseEnds(@TempDir Path directory) {
    BackingNode root = new BackingNode(new BackingNode.Key(1, 1, 1, 1), Mode.S_IFDIR);
    Descriptors descriptors = new Descriptors(root, open(directory), 16);
    BackingNode node = new BackingNode(new BackingNode.Key(1, 2, 1, 0), Mode.S_IFREG);
    int opened = open(directory);
    assertThat(descriptors.adoptNameless(node, opened)).isZero();
    FileCalls.close(opened);
    int pinned = descriptors.pin(node);
    assertThat(descriptors.pin(node)).isEqualTo(pinned);

    descriptors.forget(node);
    assertThat(flags(pinned)).isEqualTo(Fcntl.CLOEXEC);
    descriptors.unpin(node);
    assertThat(flags(pinned)).isEqualTo(Fcntl.CLOEXEC);
    descriptors.unpin(node);
    assertThat(flags(pinned)).isEqualTo(-Errno.EBADF);
    descriptors.close();
  }
}
