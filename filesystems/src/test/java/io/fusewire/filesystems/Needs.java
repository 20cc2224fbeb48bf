package io.fusewire.filesystems;

import io.fusewire.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What tests with real mounts need of the machine. */
public final class Needs {
  private static final boolean REQUIRED = "1".equals(System.getenv("FUSEWIRE_REQUIRE_MOUNT"));

  private Needs() {}

  /** Skips the test without /dev/fuse, or fails it where mounts are required. */
  public static void fuse() {
    check(Files.isWritable(Path.of("/dev/fuse")), "/dev/fuse cannot be opened");
  }

  /** Skips the test when it is not root, or fails it where mounts are required. */
  public static void root() {
    check("root".equals(System.getProperty("user.name")), "not root");
  }

  /** Skips the test without this program, or fails it where mounts are required. */
  public static void program(String name) {
    boolean found = false;
    for (String directory : System.getenv("PATH").split(":", -1)) {
      found |= Files.isExecutable(Path.of(directory, name));
    }
    check(found, name + " is not in PATH");
  }

  private static void check(boolean holds, String missing) {
    if (REQUIRED) {
      Assertions.assertTrue(holds, missing);
    }
    Assumptions.assumeTrue(holds, missing);
  }

  /** Runs a shell script in a directory; what it printed. Fails when it fails or hangs. */
  public static String run(Path directory, String script) throws IOException {
    return Shell.run(directory, script);
  }
}
