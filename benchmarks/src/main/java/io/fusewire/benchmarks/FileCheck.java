package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Looks at the files of a null file system, to see that two of them are the same. */
final class FileCheck {
  private static final List<String> NAMES =
      List.of(
          "",
          "f0",
          "f999",
          "f12345678",
          "big",
          "b0",
          "b999",
          "b1000",
          "bigger",
          "d10k",
          "d10k/n00000",
          "d10k/n09999",
          "d10k/n10000",
          "c0_0",
          "f",
          "fx",
          "other");
  private static final String ATTRIBUTES = "unix:mode,nlink,uid,gid,size";
  private static final String WITH_NODES = ATTRIBUTES + ",ino";

  private FileCheck() {}

  /**
   * What every name shows, and what the large directory lists.
   *
   * @param nodes whether the node numbers count
   */
  static String describe(Path mountPoint, boolean nodes) throws IOException {
    String which = nodes ? WITH_NODES : ATTRIBUTES;
    StringBuilder text = new StringBuilder();
    for (String name : NAMES) {
      text.append('\n')
          .append(name)
          .append(' ')
          .append(attributes(mountPoint.resolve(name), which));
    }
    try (Stream<Path> names = Files.list(mountPoint.resolve("d10k"))) {
      text.append("\nlisted ").append(names.map(Path::getFileName).toList().hashCode());
    }
    Path created = Files.createFile(mountPoint.resolve("c7_42"));
    text.append("\ncreated ").append(attributes(created, which));
    Files.delete(created);
    return text.append("\ndeleted ").append(attributes(created, which)).toString();
  }

  private static String attributes(Path path, String which) throws IOException {
    try {
      Map<String, Object> attributes = Files.readAttributes(path, which, LinkOption.NOFOLLOW_LINKS);
      return new TreeMap<>(attributes).toString();
    } catch (NoSuchFileException e) {
      return "missing";
    }
  }
}
