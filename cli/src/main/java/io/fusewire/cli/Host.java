package io.fusewire.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of a machine, as far as they tell about FUSE.
 *
 * @param root where they are: {@code /}, or a copy in tests
 * @param isRoot whether root looks
 * @param programs the directories of PATH
 */
record Host(Path root, boolean isRoot, List<Path> programs) {
  static Host current(boolean isRoot) {
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin");
    return new Host(
        Path.of("/"), isRoot, List.of(path.split(":", -1)).stream().map(Path::of).toList());
  }

  Path path(String absolute) {
    return root.resolve(absolute.substring(1));
  }

  boolean has(String absolute) {
    return Files.exists(path(absolute));
  }

  /** The text of a small file without blanks around it; empty when it cannot be read. */
  String text(String absolute) {
    try {
      return Files.readString(path(absolute), StandardCharsets.ISO_8859_1).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** The number in a small file; -1 when there is none. */
  long number(String absolute) {
    try {
      return Long.parseLong(text(absolute));
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  boolean hasProgram(String name) {
    return programs.stream().anyMatch(each -> Files.isExecutable(each.resolve(name)));
  }
}
