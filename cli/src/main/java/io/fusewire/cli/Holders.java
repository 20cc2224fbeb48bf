package io.fusewire.cli;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;

/**
 * Who keeps a mount busy: the processes that work in it or have a file of it open, as far as this
 * user may see them. Reads /proc only, so that a server that hangs holds nobody up.
 */
final class Holders {
  private static final int SHOWN_MAX = 5;

  private Holders() {}

  /** For a message: {@code bash (pid 17), vi (pid 18)}; empty when none can be seen. */
  static String of(String mountPoint) {
    TreeMap<Long, String> found = new TreeMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(Path.of("/proc"), "[0-9]*")) {
      for (Path process : processes) {
        if (holds(process, mountPoint)) {
          long pid = Long.parseLong(process.getFileName().toString());
          found.put(pid, name(process) + " (pid " + pid + ")");
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return "";
    }
    List<String> all = List.copyOf(found.values());
    int more = all.size() - SHOWN_MAX;
    return String.join(", ", all.subList(0, Math.min(all.size(), SHOWN_MAX)))
        + (more > 0 ? " and " + more + " more" : "");
  }

  private static boolean holds(Path process, String mountPoint) {
    if (leadsInto(process.resolve("cwd"), mountPoint)
        || leadsInto(process.resolve("root"), mountPoint)
        || leadsInto(process.resolve("exe"), mountPoint)) {
      return true;
    }
    return anyLeadsInto(process.resolve("fd"), mountPoint)
        || anyLeadsInto(process.resolve("map_files"), mountPoint);
  }

  private static boolean anyLeadsInto(Path links, String mountPoint) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(links)) {
      for (Path link : entries) {
        if (leadsInto(link, mountPoint)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return false; // another user's, or it has ended
    }
    return false;
  }

  private static boolean leadsInto(Path link, String mountPoint) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      return target.equals(mountPoint) || target.startsWith(mountPoint + "/");
    } catch (IOException e) {
      return false;
    }
  }

  private static String name(Path process) {
    try {
      return Files.readString(process.resolve("comm")).strip();
    } catch (IOException e) {
      return "?";
    }
  }
}
