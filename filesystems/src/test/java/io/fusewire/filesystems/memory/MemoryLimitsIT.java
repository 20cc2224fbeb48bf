package io.fusewire.filesystems.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.filesystems.Needs;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.MountFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Where the file system in memory ends, on a real mount: its size, large offsets, its memory. */
@Timeout(120)
class MemoryLimitsIT {
  private static final int MEGABYTE = 1 << 20;
  private static final int SIZE = 8 * MEGABYTE;

  private static final String MAP =
      """
      import java.nio.channels.FileChannel;
      import java.nio.file.*;

      class Map {
        public static void main(String[] arguments) throws Exception {
          int size = Integer.parseInt(arguments[1]);
          try (FileChannel channel = FileChannel.open(Path.of(arguments[0]),
              StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var mapping = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
            for (int i = 0; i < size; i += 1024) {
              mapping.put(i, (byte) 1);
            }
            try {
              mapping.force();
            } catch (java.io.UncheckedIOException e) {
              System.out.println(e.getMessage());
            }
            channel.truncate(0);
          }
        }
      }
      """;

  private MountFixture fixture;
  private Path root;

  @BeforeEach
  void mount() throws IOException {
    Needs.fuse();
    fixture = mounted(SIZE);
    root = fixture.directory();
  }

  private static MountFixture mounted(long bytesMax) throws IOException {
    MountOptions options = MountOptions.create().fsName("memory-limits").defaultPermissions();
    MemoryOptions own = MemoryOptions.defaults().withBytesMax(bytesMax);
    return MountFixture.mount(new MemoryFileSystem(own), options);
  }

  @AfterEach
  void close() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private static long freeBytes(Path directory) throws IOException {
    return Files.getFileStore(directory).getUnallocatedSpace();
  }

  /** The kernel forgets what was removed a moment later; the test's time-out ends this. */
  private static void awaitFreeBytes(Path directory, long bytes) throws IOException {
    while (freeBytes(directory) != bytes) {
      Thread.onSpinWait();
    }
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Path kept() throws IOException {
    return Files.write(root.resolve("kept"), random(MEGABYTE, 1));
  }

  private void nothingIsLost() throws IOException {
    assertThat(Files.readAllBytes(root.resolve("kept"))).isEqualTo(random(MEGABYTE, 1));
  }

  @Test
  void aFileAsLargeAsTheFileSystemFitsAndNoByteMore() throws IOException {
    for (int length : new int[] {SIZE - 1, SIZE}) {
      Path file = Files.write(root.resolve("exact"), random(length, length));
      assertThat(Files.readAllBytes(file)).isEqualTo(random(length, length));
      assertThat(freeBytes(root)).isZero();
      Files.delete(file);
      awaitFreeBytes(root, SIZE);
    }
    assertThatThrownBy(() -> Files.write(root.resolve("more"), random(SIZE + 1, 2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("No space left on device");
    Path more = root.resolve("more");
    assertThat(Files.readAllBytes(more)).as("what fitted").startsWith(random(SIZE, 2));
    Files.delete(more);
    awaitFreeBytes(root, SIZE);
  }

  @Test
  void whateverFillsItNothingIsLost() throws Exception {
    Needs.program("setfattr");
    kept();
    Needs.run(
        root,
        """
        export LC_ALL=C
        full() { case "$1" in *'No space left'*) ;; *) exit 1;; esac; }
        cat kept kept kept > part
        before=$(stat -f -c %f .)
        full "$(fallocate -l 7M none 2>&1)"
        test "$(stat -f -c %f .)" = $before; test "$(stat -c %s none)" = 0
        full "$(cp part copy1 2>&1; cp part copy2 2>&1)"
        full "$(dd if=/dev/zero of=end bs=4k 2>&1)"
        test "$(stat -f -c %f .)" = 0; echo shorter > part
        rm -f copy1 copy2 end none
        """);
    awaitFreeBytes(root, SIZE - MEGABYTE - PagePool.PAGE);
    nothingIsLost();
    Needs.run(
        root,
        """
        long=$(head -c 3000 /dev/zero | tr '\\0' x); i=0
        while ln -s $long link$i 2> /dev/null; do i=$((i + 1)); done
        test $i -gt 1500; mv link0 moved; rm link1; ln -s $long again
        rm -f link* moved again
        until [ $(stat -f -c %f .) -gt 1500 ]; do :; done; touch f; i=0
        while setfattr -n user.$i -v "$long$long$long" f 2> /dev/null; do i=$((i + 1)); done
        test $i -gt 300; setfattr -x user.0 f; rm f part
        """);
    nothingIsLost();
    Files.delete(root.resolve("kept"));
    awaitFreeBytes(root, SIZE);
  }

  @Test
  void aMappingThatDoesNotFitIsReported() throws IOException {
    kept();
    Path file = root.resolve("mapped");
    Path directory = Files.createTempDirectory("fusewire-map");
    try {
      // Another process: a thread that waits for a page of a mount cannot stop for the garbage
      // collector, which then stops the mount's own threads for good.
      Files.writeString(directory.resolve("Map.java"), MAP);
      String command = System.getProperty("java.home") + "/bin/java Map.java " + file;
      assertThat(Needs.run(directory, command + " " + 2 * SIZE))
          .contains("No space left on device");
    } finally {
      Files.delete(directory.resolve("Map.java"));
      Files.delete(directory);
    }
    Files.delete(file);
    nothingIsLost();
    awaitFreeBytes(root, SIZE - MEGABYTE);
  }

  @Test
  void dataAnywhereInAFileOfEightTerabytes() throws IOException {
    long[] offsets = {0, Integer.MAX_VALUE - 9L, (1L << 32) - 5, (1L << 43) - 3};
    Path file = root.resolve("sparse");
    try (FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      for (long offset : offsets) {
        channel.write(ByteBuffer.wrap(random(100, offset)), offset);
      }
    }
    assertThat(Files.size(file)).isEqualTo((1L << 43) + 97);
    assertThat(SIZE - freeBytes(root)).isLessThanOrEqualTo(8L * PagePool.PAGE);
    try (FileChannel channel = FileChannel.open(file)) {
      for (long offset : offsets) {
        ByteBuffer read = ByteBuffer.allocate(100);
        assertThat(channel.read(read, offset)).isEqualTo(100);
        assertThat(read.array()).as("at " + offset).isEqualTo(random(100, offset));
      }
      ByteBuffer hole = ByteBuffer.wrap(random(100, 1));
      channel.read(hole, 1L << 40);
      assertThat(hole.array()).isEqualTo(new byte[100]);
    }
  }

  @Test
  void memoryOfDeletedFilesGoesBack() throws IOException {
    int files = 64;
    byte[] content = random(4 * MEGABYTE, 4);
    try (MountFixture large = mounted(1L << 30)) {
      for (int i = 0; i < files; i++) {
        Files.write(large.directory().resolve("f" + i), content);
      }
      long full = residentBytes();
      for (int i = 0; i < files; i++) {
        Files.delete(large.directory().resolve("f" + i));
      }
      awaitFreeBytes(large.directory(), 1L << 30);
      assertThat(full - residentBytes()).isGreaterThan(files * 4L * MEGABYTE * 3 / 4);
    }
  }

  private static long residentBytes() throws IOException {
    String statm = Files.readString(Path.of("/proc/self/statm"));
    return Long.parseLong(statm.split(" ", -1)[1]) * PagePool.PAGE;
  }
}
