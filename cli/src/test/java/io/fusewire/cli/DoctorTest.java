package io.fusewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of machines that the test makes up, file by file. */
@Timeout(60)
class DoctorTest {
  private static final String LIMITS =
      "Limit   Soft Limit  Hard Limit  Units\nMax open files            %s    524288   files\n";

  @TempDir Path root;

  private void file(String path, String content) throws IOException {
    Path file = root.resolve(path.substring(1));
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  /** A machine that has everything. */
  private void complete() throws IOException {
    file("/proc/sys/kernel/osrelease", "6.18.44\n");
    file("/dev/fuse", "");
    file("/usr/bin/fusermount3", "");
    Files.setAttribute(root.resolve("usr/bin/fusermount3"), "unix:mode", 0755);
    file("/etc/fuse.conf", "# comment\nuser_allow_other\n");
    file("/sys/module/fuse/parameters/enable_uring", "Y\n");
    file("/proc/sys/fs/fuse/max_pages_limit", "1024\n");
    file("/proc/self/limits", LIMITS.formatted("65536"));
    Files.createDirectories(root.resolve("sys/fs/fuse/connections"));
    file("/sys/class/bdi/0:42/read_ahead_kb", "1024\n");
    file("/sys/class/bdi/0:42/max_ratio", "20\n");
  }

  private List<Finding> findings(boolean isRoot) {
    Host host = new Host(root, isRoot, List.of(root.resolve("usr/bin")));
    List<Finding> all = new java.util.ArrayList<>(Doctor.machine(host));
    all.addAll(Doctor.mount(host, "0:42"));
    return all;
  }

  @Test
  void aCompleteMachineNeedsNothing() throws IOException {
    complete();
    assertThat(findings(false)).hasSize(10).allMatch(each -> each.level() == Finding.Level.GOOD);
    assertThat(findings(false)).extracting(Finding::change).containsOnly("");
  }

  @ParameterizedTest
  @CsvSource({
    "/sys/module/fuse/parameters/enable_uring, N, io_uring is off, echo Y > /sys/module/fuse/parameters/enable_uring",
    "/proc/sys/fs/fuse/max_pages_limit, 256, up to 1024 KiB, sysctl fs.fuse.max_pages_limit=1024",
    "/etc/fuse.conf, #user_allow_other, only root, echo user_allow_other >> /etc/fuse.conf",
    "/sys/class/bdi/0:42/read_ahead_kb, 128, reads ahead 128 KiB, echo 1024 > /sys/class/bdi/0:42/read_ahead_kb",
    "/sys/class/bdi/0:42/max_ratio, 1, fill 1 %, echo 20 > /sys/class/bdi/0:42/max_ratio",
    "/proc/sys/kernel/osrelease, 6.12.1-amd64, 'backing files, but no io_uring', apt-get dist-upgrade",
    "/proc/sys/kernel/osrelease, 6.1.0-30, no backing files, apt-get dist-upgrade",
  })
  void whatCouldBeBetterIsAHintWithItsCommand(
      String file, String content, String text, String change) throws IOException {
    complete();
    file(file, content + "\n");
    assertOne(Finding.Level.HINT, text, change, true);
  }

  @Test
  void fewOpenFilesAreAHint() throws IOException {
    complete();
    file("/proc/self/limits", LIMITS.formatted("1024"));
    assertOne(Finding.Level.HINT, "may open 1024 files", "ulimit -n 65536", true);
    file("/proc/self/limits", LIMITS.formatted("unlimited"));
    assertThat(findings(true)).allMatch(each -> each.level() == Finding.Level.GOOD);
  }

  @Test
  void withoutTheDeviceNothingCanBeMounted() throws IOException {
    complete();
    Files.delete(root.resolve("dev/fuse"));
    assertOne(Finding.Level.BAD, "/dev/fuse is not there", "modprobe fuse", true);
  }

  @Test
  void withoutTheHelperOnlyRootMounts() throws IOException {
    complete();
    Files.delete(root.resolve("usr/bin/fusermount3"));
    assertOne(Finding.Level.HINT, "no fusermount3", "apt-get install fuse3", true);
    assertOne(Finding.Level.BAD, "no fusermount3", "apt-get install fuse3", false);
  }

  @Test
  void anOldKernelIsBad() throws IOException {
    complete();
    file("/proc/sys/kernel/osrelease", "3.10.0-1160");
    assertOne(Finding.Level.BAD, "3.15 or later", "apt-get dist-upgrade", true);
  }

  private void assertOne(Finding.Level level, String text, String change, boolean isRoot) {
    assertThat(findings(isRoot))
        .filteredOn(each -> each.level() != Finding.Level.GOOD)
        .singleElement()
        .satisfies(
            each -> {
              assertThat(each.level()).isEqualTo(level);
              assertThat(each.text()).contains(text);
              assertThat(each.change()).isEqualTo(change);
            });
  }

  @Test
  void theCommandExplainsItself() throws Exception {
    CommandProcess.Result help = CommandProcess.run("doctor", "--help");
    assertThat(help.status()).isZero();
    assertThat(help.out()).contains("Exit status", "Examples:", "/tmp/mnt");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 80);
    CommandProcess.Result result = CommandProcess.run("doctor", "/");
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.out()).contains("BAD   nothing of FUSE is mounted on /", "Linux ");
  }
}
