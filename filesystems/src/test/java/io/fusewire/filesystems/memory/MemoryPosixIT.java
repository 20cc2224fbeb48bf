package io.fusewire.filesystems.memory;

import io.fusewire.filesystems.Needs;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.MountFixture;
import io.fusewire.testkit.PosixSuite;
import java.io.IOException;
import java.nio.file.Files;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The POSIX suite on a real mount of the file system in memory. */
class MemoryPosixIT {
  private MountFixture fixture;

  @BeforeEach
  void mount() throws IOException {
    Needs.fuse();
    MountOptions options = MountOptions.create().fsName("memory-posix").defaultPermissions();
    fixture = MountFixture.mount(new MemoryFileSystem(), options);
  }

  @AfterEach
  void close() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  @TestFactory
  Stream<DynamicTest> suite() {
    return PosixSuite.ALL.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () ->
                        entry
                            .getValue()
                            .run(Files.createTempDirectory(fixture.directory(), "case"))));
  }
}
