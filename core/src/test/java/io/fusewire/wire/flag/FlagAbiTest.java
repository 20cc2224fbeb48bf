package io.fusewire.wire.flag;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.struct.Abi;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The flag sets against the constants of linux/fuse.h. */
@Timeout(10)
class FlagAbiTest {
  private static final List<FlagSet> SETS =
      List.of(
          AttrFlags.SET,
          ExpireFlags.SET,
          FsyncFlags.SET,
          GetattrFlags.SET,
          InitFlags.SET,
          IoctlFlags.SET,
          LockFlags.SET,
          OpenFlags.SET,
          OpenInFlags.SET,
          PollFlags.SET,
          ReadFlags.SET,
          ReleaseFlags.SET,
          RenameFlags.SET,
          SetattrFlags.SET,
          SetxattrFlags.SET,
          WriteFlags.SET);

  /** The kernel's own bits: the end of a word, and the mark of a request that comes again. */
  private static final Set<String> NOT_FLAGS = Set.of("FUSE_INIT_RESERVED", "FUSE_UNIQUE_RESEND");

  @Test
  void everyFlagHasNameAndValueOfTheHeader() throws IOException {
    Set<String> declared = new TreeSet<>();
    for (FlagSet set : SETS) {
      set.flags()
          .forEach(
              (flag, value) ->
                  declared.add("flag " + set.name() + flag + " " + Long.toUnsignedString(value)));
    }
    Set<String> expected = Abi.golden();
    expected.removeIf(
        line -> !line.startsWith("flag ") || NOT_FLAGS.contains(line.split(" ", -1)[1]));
    assertThat(declared).isEqualTo(expected);
  }

  @Test
  void aValueIsDescribedByItsFlags() {
    assertThat(OpenFlags.SET.describe(OpenFlags.DIRECT_IO | OpenFlags.NOFLUSH))
        .isEqualTo("DIRECT_IO|NOFLUSH");
    assertThat(OpenFlags.SET.describe(0)).isEqualTo("0x0");
    assertThat(OpenFlags.SET.describe(0x100 | OpenFlags.STREAM)).isEqualTo("STREAM|0x100");
    assertThat(InitFlags.SET.describe(InitFlags.REQUEST_TIMEOUT)).isEqualTo("REQUEST_TIMEOUT");
  }
}
