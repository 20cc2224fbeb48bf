package io.fusewire.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ioctls on backing files, as far as they can be seen without a mount. */
@Timeout(10)
class FuseIoctlTest {
  private static final long TYPE = 229;

  /** {@code _IOW} of asm-generic/ioctl.h, which x86-64 and arm64 share. */
  private static long iow(int number, long bytes) {
    return 1L << 30 | bytes << 16 | TYPE << 8 | number;
  }

  @Test
  void numbersAreThoseOfTheMacros() {
    assertThat(FuseIoctl.ARGUMENT_BYTES).isEqualTo(16);
    assertThat(FuseIoctl.BACKING_OPEN).isEqualTo(iow(1, FuseIoctl.ARGUMENT_BYTES));
    assertThat(FuseIoctl.BACKING_CLOSE).isEqualTo(iow(2, Integer.BYTES));
  }

  @Test
  void whatIsNoDeviceRefusesThem() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argument = arena.allocate(FuseIoctl.ARGUMENT_BYTES, Long.BYTES);
      long path = CString.of(arena, "/dev/null").address();
      int fd = NameCalls.openat(At.FDCWD, path, Open.RDWR | Open.CLOEXEC, 0);
      assertThat(FuseIoctl.openBacking(fd, fd, argument)).isEqualTo(-Errno.ENOTTY);
      assertThat(FuseIoctl.closeBacking(fd, 1, argument)).isEqualTo(-Errno.ENOTTY);
      FileCalls.close(fd);
      assertThat(FuseIoctl.openBacking(-1, -1, argument)).isEqualTo(-Errno.EBADF);
    }
  }
}
