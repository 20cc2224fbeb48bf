package io.fusewire.cli;

import io.fusewire.linux.mount.MountPoints;
import io.fusewire.linux.mount.MountTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the command does while the JVM records for its AOT cache (JEP 514): mounts, is used, and
 * ends. Called by the launcher when it has built the command; where nothing can be mounted, the
 * cache holds what was loaded until then.
 */
final class Training {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration ROUND = Duration.ofMillis(10);

  private Training() {}

  /** The hidden word for it on the command line. */
  static final String WORD = "record-start";

  static int run() throws IOException {
    Path directory = Files.createTempDirectory("fusewire-start").toRealPath();
    try {
      use(directory);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      MountPoints.unmount(directory.toString(), true);
      Files.deleteIfExists(directory);
    }
    return 0;
  }

  private static void use(Path directory) throws IOException, InterruptedException {
    Thread server =
        Thread.ofPlatform()
            .daemon(true)
            .start(() -> FusewireCommand.run("mount", "memory", directory.toString()));
    long end = System.nanoTime() + LIMIT.toNanos();
    while (MountTable.at(directory.toString()) == null && System.nanoTime() < end) {
      if (server.join(ROUND)) {
        return; // it could not mount here
      }
    }
    Path file = directory.resolve("file");
    Files.writeString(file, "text");
    Files.readString(file);
    try (var names = Files.list(directory)) {
      names.forEach(name -> {});
    }
    Files.delete(file);
    MountPoints.unmount(directory.toString(), false);
    server.join(LIMIT);
  }
}
