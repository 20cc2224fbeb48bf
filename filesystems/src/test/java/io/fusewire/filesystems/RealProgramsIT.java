package io.fusewire.filesystems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fusewire.filesystems.memory.MemoryFileSystem;
import io.fusewire.filesystems.memory.MemoryOptions;
import io.fusewire.filesystems.passthrough.PassthroughFileSystem;
import io.fusewire.filesystems.passthrough.PassthroughOptions;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.MountFixture;
import io.fusewire.testkit.RealPrograms;
import io.fusewire.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Programs people use, on real mounts of both file systems. */
class RealProgramsIT {
  private static final String NOBODY = "setpriv --reuid=65534 --regid=65534 --clear-groups ";

  @TempDir Path source;
  private MountFixture memory;
  private MountFixture passthrough;

  @BeforeEach
  void mount() throws IOException {
    Needs.fuse();
    memory = MountFixture.mount(new MemoryFileSystem(), options("memory-programs"));
    passthrough =
        MountFixture.mount(
            new PassthroughFileSystem(source, PassthroughOptions.defaults().withKernelChecks(true)),
            options("passthrough-programs"));
  }

  /** Ordinary users may not let others in, but where /etc/fuse.conf says so. */
  private static MountOptions options(String name) {
    MountOptions options = MountOptions.create().fsName(name).defaultPermissions();
    return Needs.isRoot() ? options.allowOther() : options;
  }

  @AfterEach
  void close() throws IOException {
    if (passthrough != null) {
      passthrough.close();
    }
    if (memory != null) {
      memory.close();
    }
  }

  /** Each program, as the one who mounted and as somebody else. */
  private static Stream<DynamicTest> on(MountFixture fixture) {
    return RealPrograms.ALL.entrySet().stream()
        .flatMap(
            script ->
                Stream.of(false, true)
                    .map(
                        nobody ->
                            DynamicTest.dynamicTest(
                                script.getKey() + (nobody ? " as another user" : ""),
                                () -> run(fixture, script.getKey(), nobody))));
  }

  private static void run(MountFixture fixture, String program, boolean nobody) throws Exception {
    Needs.program(program);
    if (nobody) {
      Needs.root();
    }
    Path directory = fixture.directory().resolve("case-" + program + (nobody ? "-other" : ""));
    Files.createDirectory(directory);
    String script = Objects.requireNonNull(RealPrograms.ALL.get(program));
    if (nobody) {
      Shell.run(directory, "chown 65534:65534 . && exec " + NOBODY + "sh -euc \"$1\"", script);
    } else {
      Shell.run(directory, script);
    }
  }

  @TestFactory
  Stream<DynamicTest> inMemory() {
    return on(memory);
  }

  @TestFactory
  Stream<DynamicTest> mirrored() throws IOException {
    Files.setAttribute(source, "unix:mode", 0755);
    return on(passthrough);
  }

  @Test
  void asAnotherUser() throws Exception {
    Needs.root();
    Needs.program("setpriv");
    for (MountFixture fixture : new MountFixture[] {memory, passthrough}) {
      Path directory = fixture.directory();
      Needs.run(
          directory,
          """
          chmod 755 .; mkdir open closed; chmod 777 open; echo secret > closed/f; chmod 700 closed
          setpriv --reuid=65534 --regid=65534 --clear-groups sh -euc '
            echo mine > open/f; test $(stat -c %u:%g open/f) = 65534:65534
            ! cat closed/f; ! touch new; ! chown 0 open/f'
          """);
    }
  }

  @Test
  void manyFilesInOneDirectory() throws Exception {
    String script =
        """
        mkdir many; cd many; seq -f f%%g %1$d | xargs touch
        test $(ls -U | sort -u | wc -l) = %1$d; cd ..; rm -r many
        """;
    Needs.run(memory.directory(), script.formatted(100_000));
    Needs.run(passthrough.directory(), script.formatted(10_000));
  }

  @Test
  void aFullFileSystemLosesNothing() throws Exception {
    int size = 4 << 20;
    MountOptions options = MountOptions.create().fsName("memory-full");
    MemoryOptions own = MemoryOptions.defaults().withBytesMax(size);
    try (MountFixture full = MountFixture.mount(new MemoryFileSystem(own), options)) {
      Path kept = full.directory().resolve("kept");
      byte[] content = new byte[1 << 20];
      new java.util.Random(1).nextBytes(content);
      Files.write(kept, content);
      String said =
          Needs.run(full.directory(), "LC_ALL=C dd if=/dev/zero of=big bs=64k 2>&1 || echo failed");
      assertThat(said).contains("No space left on device").contains("failed");
      assertThat(Files.readAllBytes(kept)).isEqualTo(content);
      Files.delete(full.directory().resolve("big"));
      // The kernel tells of the close and of forgetting the file later, and waits for neither.
      await().until(() -> Files.getFileStore(kept).getUsableSpace() >= content.length);
      Files.write(full.directory().resolve("again"), content);
    }
  }
}
