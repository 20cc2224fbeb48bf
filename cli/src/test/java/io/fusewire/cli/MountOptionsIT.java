package io.fusewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.filesystems.memory.MemoryFileSystem;
import io.fusewire.filesystems.memory.MemoryOptions;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.MountFixture;
import io.fusewire.testkit.Shell;
import java.io.IOException;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The effect of mount options on real mounts of the memory file system, as root sees it. */
@Timeout(60)
class MountOptionsIT {
  private static final String OTHER = "setpriv --reuid=65534 --regid=65534 --clear-groups ";

  private final StringBuilder trace = new StringBuilder();

  @BeforeEach
  void requireMounts() {
    Mounts.require();
  }

  private MountFixture mount(String options) throws IOException {
    MemoryOptions own = MemoryOptions.defaults().withRoot(0777, 0, 0);
    return MountFixture.mount(
        new MemoryFileSystem(own), MountOptions.create().option(options).trace(trace));
  }

  private static String in(MountFixture mount, String script) throws IOException {
    return Shell.run(mount.directory(), "export LC_ALL=C OTHER='" + OTHER + "'\n" + script);
  }

  /** The lines of requests so far; the mount writes them under this lock. */
  private String traced() {
    synchronized (trace) {
      return trace.toString();
    }
  }

  private void forgetTrace() {
    synchronized (trace) {
      trace.setLength(0);
    }
  }

  private long requests(String opcode) {
    return traced().lines().filter(line -> line.startsWith("-> " + opcode)).count();
  }

  private long largest(String opcode) {
    Pattern size = Pattern.compile("-> " + opcode + " .*?\\bsize=(\\d+)");
    return size.matcher(traced())
        .results()
        .map(MatchResult::group)
        .mapToLong(line -> Long.parseLong(line.replaceAll(".*size=", "")))
        .max()
        .orElse(0);
  }

  /** Each script succeeds with the first options and would fail with the second. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ro | rw | ! touch f 2> /dev/null",
        "noexec | exec | cp /bin/true t; ! ./t 2> /dev/null",
        "nosuid,allow_other | suid,allow_other | cp /usr/bin/id i; chmod 4755 i;"
            + " test $($OTHER ./i -u) = 65534",
        "nodev | dev | mknod n c 1 3; ! sh -c 'echo > n' 2> /dev/null",
        "nosymfollow | symfollow | echo > f; ln -s f l; ! cat l 2> /dev/null",
        "allow_other | atime | $OTHER ls > /dev/null 2>&1",
        "default_permissions,allow_other,refuse=POSIX_ACL | allow_other,refuse=POSIX_ACL | echo > f; chmod 600 f;"
            + " ! $OTHER cat f 2> /dev/null",
        "uid=1234,gid=5678 | uid=1,gid=1 | echo > f; test $(stat -c %u:%g f) = 1234:5678",
        "time_gran=1000000000 | time_gran=1 | echo > f; touch -d 2001-01-01T00:00:00.5 f;"
            + " case $(stat -c %y f) in *:00.0*) true;; *) false;; esac",
      })
  void changesWhatProgramsSee(String with, String without, String script) throws IOException {
    try (MountFixture mount = mount(with.strip())) {
      in(mount, script.strip());
    }
    try (MountFixture mount = mount(without.strip())) {
      String negated = "if (" + script.strip() + "); then exit 1; fi";
      in(mount, "set -e; (set -e; " + negated + ")");
    }
  }

  @ParameterizedTest
  @CsvSource({"noatime", "nodiratime", "sync", "dirsync", "noexec", "ro"})
  void flagsOfMountAreInTheMountTable(String flag) throws IOException {
    try (MountFixture mount = mount(flag)) {
      assertThat(in(mount, "findmnt -n -o OPTIONS -M .").split(",")).contains(flag);
    }
  }

  @Test
  void syncMakesEveryWriteReachTheDisk() throws IOException {
    try (MountFixture mount = mount("async")) {
      in(mount, "echo text > f");
      assertThat(requests("FSYNC")).isZero();
    }
    try (MountFixture mount = mount("sync")) {
      in(mount, "echo text > f; echo more >> f");
      assertThat(requests("FSYNC")).isGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void namesReachTheMountTableAsTheyAre() throws IOException {
    try (MountFixture mount = mount("fsname=a\\,b\\\\c d,subtype=x.y")) {
      MountTable.Entry entry = Objects.requireNonNull(MountTable.at(mount.directory().toString()));
      assertThat(entry.source()).isEqualTo("a,b\\c d");
      assertThat(entry.type()).isEqualTo("fuse.x.y");
    }
  }

  @Test
  void sizesBoundWhatOneRequestMoves() throws IOException {
    String script = "dd if=/dev/zero of=f bs=1M count=2 status=none; cat f > /dev/null";
    try (MountFixture mount = mount("max_write=8192,max_read=16384,direct_io")) {
      in(mount, script);
      assertThat(largest("WRITE")).isEqualTo(8192);
      assertThat(largest("READ")).isBetween(4096L, 16384L);
    }
    forgetTrace();
    try (MountFixture mount = mount("max_write=1048576")) {
      in(mount, script);
      assertThat(largest("WRITE")).isEqualTo(1 << 20);
    }
  }

  @Test
  void directIoReadsPastTheCache() throws IOException {
    String script = "echo text > f; cat f f f > /dev/null";
    try (MountFixture mount = mount("rw")) {
      in(mount, script);
      assertThat(requests("READ ")).isLessThanOrEqualTo(1);
    }
    forgetTrace();
    try (MountFixture mount = mount("direct_io")) {
      in(mount, script);
      assertThat(requests("READ ")).isGreaterThanOrEqualTo(3);
    }
  }

  @Test
  void writebackCacheGathersSmallWrites() throws IOException {
    String script = "dd if=/dev/zero of=f bs=16 count=500 status=none; stat -c %s f";
    try (MountFixture mount = mount("writeback_cache")) {
      assertThat(in(mount, script)).isEqualTo("8000\n");
      assertThat(requests("WRITE")).isLessThan(50);
    }
    forgetTrace();
    try (MountFixture mount = mount("rw")) {
      in(mount, script);
      assertThat(requests("WRITE")).isEqualTo(500);
    }
  }

  @Test
  void listingsTakeTheFormThatIsAskedFor() throws IOException {
    try (MountFixture mount = mount("force_readdirplus")) {
      in(mount, "touch a b; ls; ls -l");
      assertThat(requests("READDIR ")).isZero();
      assertThat(requests("READDIRPLUS ")).isPositive();
    }
    forgetTrace();
    try (MountFixture mount = mount("no_readdirplus")) {
      in(mount, "touch a b; ls; ls -l");
      assertThat(requests("READDIR ")).isPositive();
      assertThat(requests("READDIRPLUS ")).isZero();
    }
  }

  @Test
  void readersAreAsManyAsAskedFor() throws IOException {
    try (MountFixture mount = mount("readers=3,fsname=counted")) {
      in(mount, "touch a");
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().matches("fusewire-counted-\\d+-reader-\\d+"))
          .hasSize(3);
    }
  }
}
