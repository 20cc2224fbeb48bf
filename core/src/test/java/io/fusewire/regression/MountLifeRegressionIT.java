package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.FlatFileSystem;
import io.fusewire.Logs;
import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The seed's defects in the life of a mount. */
@Timeout(60)
class MountLifeRegressionIT {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration SHORT_STEP = Duration.ofMillis(500);
  private static final int O_CLOEXEC = 02000000;

  @BeforeAll
  static void requireMounts() {
    RealMounts.requireHelper();
  }

  /** Options for the mount by mount(2), or by fusermount3. */
  private static MountOptions options(boolean byHelper) {
    MountOptions options = Mode.VIRTUAL.options();
    return byHelper ? options.autoUnmount() : options;
  }

  private static FlatFileSystem withFile() {
    FlatFileSystem fileSystem = new FlatFileSystem();
    fileSystem.put("file", CONTENT);
    return fileSystem;
  }

  /** Reads wait for permission; destroy() notes how many reads have not ended. */
  private static final class Waiting extends FlatFileSystem {
    final CountDownLatch reading = new CountDownLatch(1);
    final CountDownLatch permission = new CountDownLatch(1);
    final AtomicInteger running = new AtomicInteger();
    final AtomicInteger runningAtDestroy = new AtomicInteger(-1);

    Waiting() {
      put("file", CONTENT);
    }

    @Override
    public void read(Read.Request request, DataReply reply) {
      running.incrementAndGet();
      DataReply late = reply.later();
      byte[] data = node(request.nodeId()).data();
      long offset = request.offset();
      Thread.ofPlatform()
          .start(
              () -> {
                awaitPermission();
                running.decrementAndGet();
                try {
                  late.data(data, offset);
                } catch (IllegalStateException e) {
                  assertThat(e).hasMessageContaining("closed"); // the mount was, before
                }
              });
      reading.countDown();
    }

    private void awaitPermission() {
      try {
        permission.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void destroy() {
      runningAtDestroy.set(running.get());
      super.destroy();
    }
  }

  private static CompletableFuture<byte[]> readLater(Path file) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return Files.readAllBytes(file);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        task -> Thread.ofPlatform().start(task));
  }

  /** R35: with a read in flight unmounting is EBUSY and serving goes on; destroy comes last. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r35_aBusyMountServesOnAndDestroyComesLast(Mode mode) throws Exception {
    Waiting fileSystem = new Waiting();
    try (RealMount real = RealMount.mount(fileSystem, mode)) {
      CompletableFuture<byte[]> read = readLater(real.path("file"));
      fileSystem.reading.await();
      assertThatThrownBy(real.mount::unmount)
          .isInstanceOfSatisfying(
              LinuxException.class, busy -> assertThat(busy.errno()).isEqualTo(Errno.EBUSY));
      assertThat(real.mount.state()).isEqualTo(Mount.State.SERVING);
      assertThat(fileSystem.destroyed).hasValue(0);
      assertThat(Files.size(real.path("file"))).isEqualTo(CONTENT.length);
      fileSystem.permission.countDown();
      assertThat(read.get(20, TimeUnit.SECONDS)).isEqualTo(CONTENT);
      real.mount.close();
    }
    assertThat(fileSystem.destroyed).hasValue(1);
    assertThat(fileSystem.runningAtDestroy).hasValue(0);
  }

  /** R36: what lies in the writeback cache at the unmount is complete behind it. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r36_theWritebackCacheIsWrittenBeforeTheEnd(Mode mode) throws Exception {
    int bytes = 1 << 20;
    FlatFileSystem fileSystem = new FlatFileSystem();
    fileSystem.put("file", new byte[bytes]);
    try (RealMount real =
        RealMount.mount(mode.layer(fileSystem), mode.options().option("writeback_cache"))) {
      fillMapped(real.path("file"));
      real.mount.unmount();
      byte[] expected = new byte[bytes];
      for (int i = 0; i < bytes; i++) {
        expected[i] = (byte) (i * 7);
      }
      assertThat(Arrays.mismatch(fileSystem.named("file").data(), expected)).isEqualTo(-1);
    }
  }

  /**
   * Fills a file through a mapping that outlives its channel, so that the pages stay dirty. In
   * another process: a thread that waits for a page of a mount cannot stop for the garbage
   * collector, which then stops the mount's own threads for good.
   */
  private static void fillMapped(Path file) throws Exception {
    String program =
        """
        import java.nio.channels.FileChannel;
        import java.nio.file.*;

        class Fill {
          public static void main(String[] files) throws Exception {
            java.nio.MappedByteBuffer mapped;
            try (FileChannel channel = FileChannel.open(
                Path.of(files[0]), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
              mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, channel.size());
            }
            for (int i = 0; i < mapped.capacity(); i++) {
              mapped.put(i, (byte) (i * 7));
            }
          }
        }
        """;
    Path source = Files.createTempDirectory("fusewire-fill").resolve("Fill.java");
    try {
      Files.writeString(source, program);
      String java = System.getProperty("java.home") + "/bin/java";
      assertThat(RealMount.run(java, source.toString(), file.toString())).isZero();
    } finally {
      Files.delete(source);
      Files.delete(source.getParent());
    }
  }

  /** R38: programs that the application starts get no descriptor of FUSE. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void r38_descriptorsAreClosedOnExec(boolean byHelper) throws Exception {
    try (RealMount real = RealMount.mount(withFile(), options(byHelper))) {
      assertThat(Files.readAllBytes(real.path("file"))).isEqualTo(CONTENT);
      List<Path> descriptors = RealMount.descriptors();
      assertThat(descriptors).isNotEmpty();
      for (Path descriptor : descriptors) {
        Path info = Path.of("/proc/self/fdinfo", descriptor.getFileName().toString());
        String flags =
            Files.readAllLines(info).stream()
                .filter(line -> line.startsWith("flags:"))
                .findFirst()
                .orElseThrow();
        assertThat(Integer.parseUnsignedInt(flags.substring(6).strip(), 8) & O_CLOEXEC)
            .as("%s %s", descriptor, flags)
            .isNotZero();
      }
    }
    assertThat(RealMount.descriptors()).isEmpty();
  }

  /** R39: when close() returns no reader is left that could use the descriptor's number. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r39_readersEndBeforeTheDescriptorIsGone(Mode mode) throws Exception {
    Waiting fileSystem = new Waiting();
    RealMount real =
        RealMount.mount(mode.layer(fileSystem), mode.options().closeTimeout(SHORT_STEP));
    CompletableFuture<byte[]> read = readLater(real.path("file"));
    fileSystem.reading.await();
    try (Logs logs = Logs.caught()) {
      real.close(); // looks for threads of the mount
      assertThat(logs.messages()).anyMatch(line -> line.contains("lazily"));
    }
    assertThat(RealMount.descriptors()).isEmpty();
    fileSystem.permission.countDown();
    assertThat(read.handle((data, failure) -> failure).get(20, TimeUnit.SECONDS)).isNotNull();
    assertThat(fileSystem.destroyed).hasValue(1);
  }

  static Stream<Arguments> unmountCommands() {
    return Stream.of(false, true)
        .flatMap(
            byHelper ->
                Stream.of("umount", "umount -l", "fusermount3 -u")
                    .map(command -> Arguments.of(byHelper, command)));
  }

  /** R40, R82: an unmount by another process ends the mount, and ours afterwards succeeds. */
  @ParameterizedTest
  @MethodSource("unmountCommands")
  void r40_r82_anUnmountFromOutsideEndsTheMount(boolean byHelper, String command) throws Exception {
    FlatFileSystem fileSystem = withFile();
    try (RealMount real = RealMount.mount(fileSystem, options(byHelper))) {
      assertThat(Files.readAllBytes(real.path("file"))).isEqualTo(CONTENT);
      String[] words = (command + " " + real.directory).split(" ");
      assertThat(RealMount.run(words)).isZero();
      assertThat(real.mount.join(PATIENCE)).isTrue();
      assertThat(real.mount.state()).isEqualTo(Mount.State.CLOSED);
      real.mount.unmount();
      real.mount.unmount();
    }
    assertThat(fileSystem.destroyed).hasValue(1);
  }

  /** R25: destroy runs once on every way out, after all else. */
  @ParameterizedTest
  @ValueSource(strings = {"close", "unmount", "umount", "abort", "busy"})
  void r25_destroyRunsOnceOnEveryWayOut(String way) throws Exception {
    FlatFileSystem fileSystem = withFile();
    int open = -1;
    try (Logs logs = Logs.caught();
        RealMount real = RealMount.mount(fileSystem, options(false).closeTimeout(SHORT_STEP))) {
      assertThat(Files.readAllBytes(real.path("file"))).isEqualTo(CONTENT);
      switch (way) {
        case "unmount" -> real.mount.unmount();
        case "umount" -> RealMount.run("umount", real.directory.toString());
        case "abort" -> assertThat(real.connection().abort()).isZero();
        case "busy" -> open = Sys.opened(real.path("file"), Open.RDONLY);
        default -> {}
      }
      real.mount.close();
      real.mount.close();
      assertThat(logs.messages()).hasSizeLessThan(4);
    }
    if (open >= 0) {
      FileCalls.close(open);
    }
    assertThat(fileSystem.destroyed).hasValue(1);
  }

  /** R81: a file system of a class that is only known when the program runs is mounted. */
  @Test
  void r81_aFileSystemOfAnyClassIsMounted() throws Exception {
    RawFileSystem chosen = withFile();
    for (Mode mode : Mode.values()) {
      chosen = mode.layer(chosen);
    }
    try (RealMount real = RealMount.mount(chosen, Mode.INLINE.options())) {
      try (InputStream in = Files.newInputStream(real.path("file"))) {
        assertThat(in.readAllBytes()).isEqualTo(CONTENT);
      }
    }
  }

  /** R84, R5: when INIT fails, mount() fails, and neither mount nor descriptor is left. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void r84_whenInitFailsNothingStaysMounted(boolean byHelper) throws Exception {
    RawFileSystem failing =
        new RawFileSystem() {
          @Override
          public void init(Negotiation negotiation) {
            throw new IllegalStateException("no store");
          }

          @Override
          public Execution execution(Opcode opcode) {
            return Execution.INLINE;
          }
        };
    int before = MountTable.fuseMounts().size();
    assertThatThrownBy(() -> RealMount.mount(failing, options(byHelper)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no store");
    assertThat(MountTable.fuseMounts()).hasSize(before);
    assertThat(RealMount.descriptors()).isEmpty();
    MountOptions impossible = options(byHelper).option("require=SPLICE_READ");
    assertThatThrownBy(() -> RealMount.mount(withFile(), impossible))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("SPLICE_READ");
    assertThat(MountTable.fuseMounts()).hasSize(before);
    assertThat(RealMount.descriptors()).isEmpty();
  }
}
