package io.fusewire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.raw.RawFileSystem;
import io.fusewire.wire.Name;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class NullFilesTest {
  private final NullFiles files = new NullFiles();

  private long find(String name) {
    return files.find(RawFileSystem.ROOT, Name.of(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"f0", "f999999", "big", "b0", "b999", "d10k"})
  void theRootHasThese(String name) {
    assertThat(find(name)).isNotEqualTo(NullFiles.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"f", "fx", "f-1", "b", "b1000", "bigger", "n00000", "c0_0", "c", "d10", "x1"})
  void theRootHasNotThese(String name) {
    assertThat(find(name)).isEqualTo(NullFiles.NONE);
  }

  @Test
  void theDirectoryHasItsTenThousandNames() {
    assertThat(files.find(NullFiles.DIRECTORY, Name.of("n00000"))).isEqualTo(NullFiles.listed(0));
    assertThat(files.find(NullFiles.DIRECTORY, Name.of("n09999")))
        .isEqualTo(NullFiles.listed(9999));
    assertThat(files.find(NullFiles.DIRECTORY, Name.of("n10000"))).isEqualTo(NullFiles.NONE);
    assertThat(files.find(NullFiles.DIRECTORY, Name.of("f0"))).isEqualTo(NullFiles.NONE);
  }

  @Test
  void sizesBelongToTheNames() {
    assertThat(NullFiles.size(find("f7"))).isZero();
    assertThat(NullFiles.size(find("big"))).isEqualTo(256L << 20);
    assertThat(NullFiles.size(find("b7"))).isEqualTo(32L << 20);
  }

  @Test
  void createdFilesExistUntilTheyAreRemoved() {
    long node = files.create(Name.of("c12_345"));
    assertThat(node).isNotEqualTo(NullFiles.NONE);
    assertThat(find("c12_345")).isEqualTo(node);
    assertThat(find("c12_346")).isEqualTo(NullFiles.NONE);
    assertThat(files.remove(Name.of("c12_345"))).isTrue();
    assertThat(find("c12_345")).isEqualTo(NullFiles.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c1024_0", "c1", "c_1", "c1_", "other"})
  void nothingElseCanBeCreated(String name) {
    assertThat(files.create(Name.of(name))).isEqualTo(NullFiles.NONE);
    assertThat(files.remove(Name.of(name))).isFalse();
  }
}
