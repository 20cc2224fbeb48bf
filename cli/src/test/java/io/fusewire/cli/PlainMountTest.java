package io.fusewire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which command lines are read without picocli. */
@Timeout(30)
class PlainMountTest {
  private static final int PICOCLI_MAX = 10;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mount memory /mnt",
        "mount memory /mnt -o size=1g,ro -o allow_other -f -s -d",
        "mount memory -b /mnt --debug",
        "mount passthrough /srv /mnt --background",
      })
  void plainOnesAre(String line) {
    assertThat(PlainMount.of(line.split(" ", -1))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mount",
        "mount memory",
        "mount memory /mnt --help",
        "mount memory /mnt /other",
        "mount memory /mnt -o",
        "mount memory /mnt -o -f",
        "mount memory /mnt -oro",
        "mount memory /mnt --background=true",
        "mount memory @file",
        "mount memory ",
        "mount passthrough /srv",
        "mount nothing /mnt",
        "umount memory /mnt",
      })
  void allOthersAreLeftToPicocli(String line) {
    assertThat(PlainMount.of(line.split(" ", -1))).isNull();
  }

  /** But for the few that the verifier of the class with the main method looks at. */
  @Test
  void aPlainMountLoadsNothingOfPicocli() throws Exception {
    List<String> words = CommandProcess.words(CommandProcess.locations());
    words.add(1, "-Xlog:class+load");
    words.addAll(List.of("mount", "memory", "/dev/null/impossible"));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    List<String> lines = process.inputReader().readAllLines();
    assertThat(process.waitFor()).isEqualTo(1);
    List<String> before =
        lines.stream().takeWhile(line -> !line.contains("memory.MemoryFileSystem ")).toList();
    assertThat(before).as("it came so far").hasSizeLessThan(lines.size());
    assertThat(before).filteredOn(line -> line.contains("picocli.")).hasSizeLessThan(PICOCLI_MAX);
  }
}
