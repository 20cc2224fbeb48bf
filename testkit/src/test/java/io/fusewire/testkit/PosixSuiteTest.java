package io.fusewire.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The suite itself must hold on the file systems of the kernel. */
class PosixSuiteTest {
  private final List<Path> roots = new ArrayList<>();

  private Stream<DynamicTest> on(Path parent) throws IOException {
    Path root = Files.createTempDirectory(parent, "posix");
    roots.add(root);
    return PosixSuite.ALL.entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> entry.getValue().run(Files.createTempDirectory(root, "case"))));
  }

  @TestFactory
  Stream<DynamicTest> onTheDisk() throws IOException {
    return on(Path.of(System.getProperty("java.io.tmpdir")));
  }

  @TestFactory
  Stream<DynamicTest> onTmpfs() throws IOException {
    return on(Path.of("/dev/shm"));
  }

  @Test
  void isLarge() {
    assertThat(PosixSuite.ALL).hasSizeGreaterThanOrEqualTo(90);
  }

  @AfterEach
  void remove() throws IOException {
    for (Path root : roots) {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
