package io.fusewire.filesystems.memory;

import io.fusewire.filesystems.Needs;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.KernelScript;
import io.fusewire.testkit.MountFixture;
import io.fusewire.testkit.RealFiles;
import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same scripts as in {@link MemoryScriptTest} on real mounts: nothing may differ. */
@Timeout(120)
class MemoryScriptIT {
  private static final int OPERATIONS = 150;

  static LongStream seeds() {
    return MemoryScriptTest.seeds().limit(12);
  }

  @BeforeEach
  void needsFuse() {
    Needs.fuse();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aScriptGivesWhatTheModelGives(long seed) throws IOException {
    MountOptions options = MountOptions.create().fsName("memory-script");
    try (MountFixture fixture = MountFixture.mount(new MemoryFileSystem(), options)) {
      KernelScript.random(seed, OPERATIONS).check(new RealFiles(fixture.directory()), "the mount");
    }
  }
}
