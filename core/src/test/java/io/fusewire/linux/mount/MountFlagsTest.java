package io.fusewire.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(10)
class MountFlagsTest {
  // The numbers are those of sys/mount.h, printed by a C program.
  @ParameterizedTest
  @CsvSource({
    "ro, rw, 0x1",
    "nosuid, suid, 0x2",
    "nodev, dev, 0x4",
    "noexec, exec, 0x8",
    "sync, async, 0x10",
    "mand, nomand, 0x40",
    "nosymfollow, symfollow, 0x100",
    "noatime, atime, 0x400",
    "nodiratime, diratime, 0x800",
    "silent, loud, 0x8000",
    "relatime, norelatime, 0x200000",
    "iversion, noiversion, 0x800000",
    "strictatime, nostrictatime, 0x1000000",
    "lazytime, nolazytime, 0x2000000"
  })
  void anOptionSetsItsFlagAndItsOppositeClearsIt(String sets, String clears, String number) {
    long flag = Long.decode(number);
    assertThat(MountFlags.knows(sets)).isTrue();
    assertThat(MountFlags.knows(clears)).isTrue();
    assertThat(MountFlags.apply(0, sets)).isEqualTo(flag);
    assertThat(MountFlags.apply(-1, clears)).isEqualTo(~flag);
    assertThat(MountFlags.names(flag)).containsExactly(sets);
  }

  @Test
  void otherOptionsAreNoFlags() {
    assertThat(MountFlags.knows("allow_other")).isFalse();
    assertThat(MountFlags.apply(5, "allow_other")).isEqualTo(5);
    assertThat(MountFlags.apply(0, "dirsync")).isEqualTo(MountFlags.DIRSYNC);
  }
}
