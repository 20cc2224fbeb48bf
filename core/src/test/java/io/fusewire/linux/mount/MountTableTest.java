package io.fusewire.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(10)
class MountTableTest {
  private static MountTable.Entry parse(String line) {
    return Objects.requireNonNull(MountTable.parse(line));
  }

  @Test
  void aLineIsReadWithItsEscapes() {
    MountTable.Entry entry =
        parse("42 27 0:39 / /tmp/a\\040b\\134c rw,nosuid - fuse.hello na\\011me rw,user_id=0");
    assertThat(entry)
        .isEqualTo(new MountTable.Entry(42, 27, "0:39", "/tmp/a b\\c", "fuse.hello", "na\tme"));
    assertThat(entry.isFuse()).isTrue();
    assertThat(entry.minor()).isEqualTo(39);
  }

  @Test
  void optionalFieldsAreSkipped() {
    MountTable.Entry entry =
        parse("1 2 8:1 / / rw shared:1 master:2 propagate_from:3 - ext4 /dev/sda1 rw");
    assertThat(entry).isEqualTo(new MountTable.Entry(1, 2, "8:1", "/", "ext4", "/dev/sda1"));
    assertThat(entry.isFuse()).isFalse();
  }

  @Test
  void bytesThatAreNotAsciiAreUtf8() {
    byte[] name = "/\u00e4\u20ac".getBytes(StandardCharsets.UTF_8);
    String line = "1 2 0:3 / " + new String(name, StandardCharsets.ISO_8859_1) + " rw - fuse x rw";
    assertThat(parse(line).mountPoint()).isEqualTo("/\u00e4\u20ac");
  }

  @Test
  void brokenLinesAreNoEntries() {
    assertThat(MountTable.parse("")).isNull();
    assertThat(MountTable.parse("1 2 0:3 / /m rw fuse x rw")).isNull();
    assertThat(MountTable.parse("1 2 0:3 - fuse x rw")).isNull();
    assertThat(MountTable.parse("1 2 0:3 / /m rw - fuse")).isNull();
  }

  @Test
  void fusectlIsNoFuseMount() {
    assertThat(new MountTable.Entry(1, 2, "0:3", "/m", "fusectl", "x").isFuse()).isFalse();
    assertThat(new MountTable.Entry(1, 2, "0:3", "/m", "fuseblk", "x").isFuse()).isTrue();
    assertThat(new MountTable.Entry(1, 2, "0:3", "/m", "fuse", "x").isFuse()).isTrue();
  }

  @Test
  void theRealTableHasTheRootAndProc() throws Exception {
    assertThat(MountTable.read()).extracting(MountTable.Entry::mountPoint).contains("/");
    MountTable.Entry proc = Objects.requireNonNull(MountTable.at("/proc"));
    assertThat(proc.type()).isEqualTo("proc");
    assertThat(MountTable.withId(proc.id())).isEqualTo(proc);
  }
}
