package io.fusewire.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The seed's defects in getting a mounted descriptor. */
@Timeout(30)
class MountHelperRegressionTest {
  private static final int MILLIS = 300;

  @TempDir Path directory;

  /** R83: a helper that passes no descriptor, silent or ended, is a clear error in time. */
  @ParameterizedTest
  @CsvSource({"exit 0, 32", "exit 1, 32", "exec sleep 1000, 110"})
  void r83_aHelperWithoutADescriptorIsAnErrorInTime(String script, int errno) throws Exception {
    Path program = directory.resolve("helper");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    MountRequest request = MountRequest.plain("/nowhere", "name");
    assertThatThrownBy(() -> Fusermount.mount(program, request, List.of("a"), MILLIS))
        .isInstanceOfSatisfying(
            LinuxException.class, failure -> assertThat(failure.errno()).isEqualTo(errno))
        .hasMessageContaining("/nowhere");
  }

  /** R13: a passed descriptor that does not block would be read in a hot loop; it is changed. */
  @Test
  void r13_aPassedDescriptorBlocks() throws Exception {
    RealMounts.require();
    try (Arena arena = Arena.ofConfined()) {
      long path = CString.of(arena, FuseDevice.PATH).address();
      int fd = NameCalls.openat(At.FDCWD, path, Open.RDWR | Open.NONBLOCK, 0);
      assertThat(fd).isNotNegative();
      MountRequest request = MountRequest.plain("/dev/fd/" + fd, "passed");
      MountedDevice device = Mounters.forRequest(request).mount(request);
      assertThat(FileCalls.fcntl(fd, Fcntl.GETFL, 0) & Open.NONBLOCK).isZero();
      device.close();
      assertThat(FileCalls.fcntl(fd, Fcntl.GETFL, 0)).isEqualTo(-Errno.EBADF);
    }
  }
}
