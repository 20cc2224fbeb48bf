package io.fusewire.linux.mount;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import java.lang.foreign.Arena;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class PassedDescriptorMounterTest {
  private static AbstractThrowableAssert<?, ?> assertRefused(String name) {
    return assertThatThrownBy(
            () -> new PassedDescriptorMounter().mount(MountRequest.plain(name, "x")))
        .isInstanceOf(LinuxException.class);
  }

  @Test
  void aNumberIsNeeded() {
    assertRefused("/dev/fd/").hasMessageContaining("/dev/fd/N");
    assertRefused("/dev/fd/x").hasMessageContaining("/dev/fd/N");
    assertRefused("/dev/fd/-1").hasMessageContaining("/dev/fd/N");
  }

  @Test
  void theDescriptorMustBeOpen() {
    assertRefused("/dev/fd/99999").hasMessageContaining("EBADF");
  }

  @Test
  void theDescriptorMustBeOfTheFuseDevice() {
    try (Arena arena = Arena.ofConfined()) {
      long path = CString.of(arena, "/dev/null").address();
      int fd = NameCalls.openat(At.FDCWD, path, Open.RDONLY | Open.CLOEXEC, 0);
      assertRefused("/dev/fd/" + fd).hasMessageContaining("is not /dev/fuse");
      FileCalls.close(fd);
    }
  }
}
