package io.fusewire.linux.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.DeviceCalls;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class ErrnoStateTest {
  private static final int TASKS = 64;
  private static final int CALLS = 200;

  @Test
  void everyVirtualThreadSeesTheErrnoOfItsOwnCall() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int i = 0; i < TASKS; i++) {
        Callable<Integer> task =
            i % 2 == 0 ? ErrnoStateTest::closeNothing : ErrnoStateTest::noDirectory;
        wrong.add(threads.submit(task));
      }
      for (Future<Integer> task : wrong) {
        assertThat(task.get()).isZero();
      }
    }
  }

  private static int closeNothing() {
    int wrong = 0;
    for (int i = 0; i < CALLS; i++) {
      wrong += FileCalls.close(-1) == -Errno.EBADF ? 0 : 1;
    }
    return wrong;
  }

  private static int noDirectory() {
    int wrong = 0;
    try (Arena arena = Arena.ofConfined()) {
      long path = CString.of(arena, "/no/such/directory").address();
      for (int i = 0; i < CALLS; i++) {
        wrong += NameCalls.openat(At.FDCWD, path, 0, 0) == -Errno.ENOENT ? 0 : 1;
      }
    }
    return wrong;
  }

  @Test
  void theCallersOwnSegmentIsUsedWhereItIsGiven() {
    try (Arena arena = Arena.ofConfined()) {
      var errno = ErrnoState.allocate(arena);
      assertThat(DeviceCalls.read(errno, -1, 0, 0)).isEqualTo(-Errno.EBADF);
      assertThat(ErrnoState.negative(errno)).isEqualTo(-Errno.EBADF);
      assertThat(DeviceCalls.write(errno, -1, 0, 0)).isEqualTo(-Errno.EBADF);
      assertThat(DeviceCalls.writev(errno, -1, 0, 0)).isEqualTo(-Errno.EBADF);
    }
  }

  @Test
  void anExceptionNamesCallErrnoAndTheWayOut() {
    LinuxException exception =
        new LinuxException("mount(\"/mnt/x\")", -Errno.EPERM, "Mount as root.");
    assertThat(exception)
        .hasMessage("mount(\"/mnt/x\"): EPERM (Operation not permitted). Mount as root.");
    assertThat(exception.errno()).isEqualTo(Errno.EPERM);
    assertThat(new LinuxException("close(3)", Errno.EIO, ""))
        .hasMessage("close(3): EIO (Input/output error)");
  }
}
