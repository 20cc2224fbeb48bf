package io.fusewire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fusewire.raw.Timeouts;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.OpenFlags;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each fast path saves the requests that it is there for, on real mounts. */
@Timeout(60)
class FastPathsIT {
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final int PAGES = 256;

  @BeforeAll
  static void requireMounts() {
    boolean present = "root".equals(System.getProperty("user.name"));
    if ("1".equals(System.getenv("FUSEWIRE_REQUIRE_MOUNT"))) {
      assertThat(present).as("root").isTrue();
    }
    assumeTrue(present && Files.isWritable(Path.of("/dev/fuse")), "root and /dev/fuse");
  }

  /** All, but for large requests where the machine does not allow them. */
  static Stream<FastPath> all() throws IOException {
    Path limit = Path.of("/proc/sys/fs/fuse/max_pages_limit");
    boolean small =
        Files.exists(limit) && Integer.parseInt(Files.readString(limit).strip()) < PAGES;
    return FastPath.all().stream().filter(each -> !small || !each.name().contains("max_pages"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void requestsAreSaved(FastPath path) throws Exception {
    try (FastPaths.Side slow = new FastPaths.Side(path, false);
        FastPaths.Side fast = new FastPaths.Side(path, true)) {
      slow.round(ROUND_NANOS);
      fast.round(ROUND_NANOS);
      double without = slow.round(ROUND_NANOS).requests();
      double with = fast.round(ROUND_NANOS).requests();
      if (path.saves()) {
        assertThat(with).as(path.name()).isLessThan(0.8 * without);
      } else {
        assertThat(with).as(path.name()).isBetween(0.9, 1.1);
        assertThat(slow.fileSystem().writingMost()).as("one after the other").isEqualTo(1);
      }
    }
  }

  @Test
  void directFilesCanBeMapped(@TempDir Path directory) throws IOException {
    var answers = FastFileSystem.Answers.PLAIN.file(OpenFlags.DIRECT_IO).times(Timeouts.NONE);
    try (Mount _ = Fusewire.mount(new FastFileSystem(answers), directory, MountOptions.create())) {
      assertThat(map(directory)).isZero();
    }
    MountOptions without = MountOptions.create().refuse(InitFlags.DIRECT_IO_ALLOW_MMAP);
    try (Mount _ = Fusewire.mount(new FastFileSystem(answers), directory, without)) {
      assertThatThrownBy(() -> map(directory)).isInstanceOf(IOException.class);
    }
  }

  private static byte map(Path directory) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            directory.resolve("file"), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return file.map(FileChannel.MapMode.READ_WRITE, 0, 4096).get(100);
    }
  }
}
