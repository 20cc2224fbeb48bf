package io.fusewire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** House rules that a program can check, on the sources of all modules. */
class TidyTest {
  private static final int LINES_MAX = 700;
  private static final Pattern MODULE = Pattern.compile("<module>(.+)</module>");
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME)\\b|@Dis" + "abled\\b");
  private static final Pattern NOT_ASCII = Pattern.compile("[^\\x00-\\x7f]");

  /** Those of every module that the build names. */
  private static List<Path> sources() throws IOException {
    Path root = Path.of("..").toAbsolutePath().normalize();
    List<Path> sources = new ArrayList<>();
    Matcher module = MODULE.matcher(Files.readString(root.resolve("pom.xml")));
    while (module.find()) {
      try (Stream<Path> files = Files.walk(root.resolve(module.group(1)).resolve("src"))) {
        files.filter(file -> file.toString().endsWith(".java")).forEach(sources::add);
      }
    }
    assertThat(sources).hasSizeGreaterThan(200);
    return sources;
  }

  @Test
  void filesAreNotTooLong() throws IOException {
    for (Path source : sources()) {
      assertThat(Files.readAllLines(source)).as("%s", source).hasSizeLessThanOrEqualTo(LINES_MAX);
    }
  }

  @Test
  void sourcesAreAsciiAndFinished() throws IOException {
    for (Path source : sources()) {
      assertThat(Files.readString(source))
          .as("%s", source)
          .doesNotContainPattern(NOT_ASCII)
          .doesNotContainPattern(UNFINISHED);
    }
  }

  @Test
  void testsDoNotSleep() throws IOException {
    List<Path> tests =
        sources().stream().filter(file -> file.toString().contains("/src/test/")).toList();
    for (Path test : tests) {
      assertThat(Files.readString(test)).as("%s", test).doesNotContain("Thread.sle" + "ep(");
    }
  }
}
