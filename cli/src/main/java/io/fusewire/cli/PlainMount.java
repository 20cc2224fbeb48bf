package io.fusewire.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Reads a mount command in which nothing is unusual, without picocli: its classes and their
 * reflection take half of a start. Everything else, such as help and mistakes, is left to picocli.
 */
final class PlainMount {
  private static final int SHORTEST = 3;

  private PlainMount() {}

  /** The command, ready to be called; null when picocli must read it. */
  static @Nullable Callable<Integer> of(String... words) {
    if (words.length < SHORTEST || !words[0].equals("mount")) {
      return null;
    }
    MountArguments arguments = new MountArguments();
    List<Path> paths = new ArrayList<>();
    for (int i = 2; i < words.length; i++) {
      String word = words[i];
      if (word.equals("-o") && i + 1 < words.length && !words[i + 1].startsWith("-")) {
        i++;
        arguments.addOptions(words[i]);
      } else if (word.startsWith("-") ? !arguments.set(word) : !add(word, paths)) {
        return null;
      }
    }
    return switch (words[1] + paths.size()) {
      case "memory1" -> new MountMemoryCommand(paths.get(0), arguments);
      case "passthrough2" -> new MountPassthroughCommand(paths.get(0), paths.get(1), arguments);
      default -> null;
    };
  }

  private static boolean add(String word, List<Path> paths) {
    if (word.isEmpty() || word.startsWith("@")) { // picocli reads a file of arguments there
      return false;
    }
    try {
      return paths.add(Path.of(word));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
