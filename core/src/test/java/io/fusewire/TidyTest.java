package io.fusewire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that a program can check, on the sources of all modules. */
class TidyTest {
  private static final int LINES_MAX = 700;
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|@Dis" + "abled)\\b");
  private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7f]");

  private static List<Path> sources() throws IOException {
    Path root = Path.of("").toAbsolutePath().getParent();
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }

  @Test
  void filesAreNotTooLong() throws IOException {
    for (Path source : sources()) {
      assertThat(Files.readAllLines(source)).as("%s", source).hasSizeLessThanOrEqualTo(LINES_MAX);
    }
  }

  @Test
  void sourcesAreAsciiAndFinished() throws IOException {
    assertThat(sources()).isNotEmpty();
    for (Path source : sources()) {
      assertThat(Files.readString(source))
          .as("%s", source)
          .doesNotContainPattern(NOT_ASCII)
          .doesNotContainPattern(UNFINISHED);
    }
  }
}
