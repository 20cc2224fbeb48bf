package io.fusewire.filesystems.memory;

import io.fusewire.testkit.FakeMount;
import io.fusewire.testkit.KernelScript;
import java.io.IOException;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The file system in memory behind a kernel that the test plays. */
@Timeout(60)
class MemoryScriptTest {
  private static final int OPERATIONS = 150;

  static LongStream seeds() {
    Long one = Long.getLong("fusewire.seed");
    return one == null ? LongStream.range(0, 40) : LongStream.of(one);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aScriptGivesWhatTheModelGives(long seed) throws IOException {
    try (FakeMount mount = FakeMount.serve(new MemoryFileSystem(), seed)) {
      KernelScript.random(seed, OPERATIONS).check(mount, "the fake mount");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void manyCpusAtOnceGetThrough(long seed) throws IOException {
    try (FakeMount mount = FakeMount.serve(new MemoryFileSystem(), seed)) {
      mount.randomCalls(16, 30);
    }
  }
}
