package io.fusewire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fusewire.linux.mount.MountPoints;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.linux.sys.ProcessCalls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** What tests with real mounts need, and how they end. */
final class Mounts {
  private static final boolean REQUIRED = "1".equals(System.getenv("FUSEWIRE_REQUIRE_MOUNT"));

  private static final Path ROOT = Path.of("/");

  private Mounts() {}

  /** Skips the test, or fails it where mounts are required, without root, FUSE and fuse3. */
  static void require() {
    demand(ProcessCalls.geteuid() == 0, "root");
    demand(Files.exists(Path.of("/dev/fuse")), "/dev/fuse");
    for (String program : List.of("/usr/bin/fusermount3", "/sbin/mount.fuse", "/usr/bin/setpriv")) {
      demand(Files.isExecutable(Path.of(program)), program + " (packages fuse3, util-linux)");
    }
  }

  private static void demand(boolean present, String what) {
    if (REQUIRED) {
      assertThat(present).as(what).isTrue();
    }
    assumeTrue(present, what);
  }

  static boolean isMounted(Path path) {
    try {
      return MountTable.at(path.toString()) != null;
    } catch (IOException e) {
      throw new AssertionError("/proc/self/mountinfo", e);
    }
  }

  /** After a test nothing may be mounted below its directory; what is there is taken away. */
  static void assertNoneBelow(Path directory) throws IOException {
    assertThat(directory).as("not all mounts of the machine").isAbsolute().isNotEqualTo(ROOT);
    List<String> left =
        MountTable.read().stream()
            .map(MountTable.Entry::mountPoint)
            .filter(mountPoint -> mountPoint.startsWith(directory + "/"))
            .toList();
    left.forEach(mountPoint -> MountPoints.unmount(mountPoint, true));
    assertThat(left).as("mounts left").isEmpty();
  }
}
