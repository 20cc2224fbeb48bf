package io.fusewire.filesystems;

import io.fusewire.session.TransportKind;
import io.fusewire.testkit.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What tests with real mounts need of the machine. */
public final class Needs {
  private static final boolean REQUIRED = "1".equals(System.getenv("FUSEWIRE_REQUIRE_MOUNT"));

  private static final Path URING_SWITCH = Path.of("/sys/module/fuse/parameters/enable_uring");

  private Needs() {}

  /** Skips the test without /dev/fuse, or fails it where mounts are required. */
  public static void fuse() {
    check(Files.isWritable(Path.of("/dev/fuse")), "/dev/fuse cannot be opened");
    if ("uring".equals(System.getProperty(TransportKind.PROPERTY))) {
      check(switchOn(), "FUSE over io_uring (Linux 6.14 or later, and root to switch it on)");
    }
  }

  /** Has the kernel offer io_uring for the rest of this process. */
  private static synchronized boolean switchOn() {
    try {
      String before = Files.readString(URING_SWITCH).strip();
      if (!before.equals("Y")) {
        Files.writeString(URING_SWITCH, "Y");
        Runtime.getRuntime()
            .addShutdownHook(
                new Thread(
                    () -> {
                      try {
                        Files.writeString(URING_SWITCH, before);
                      } catch (IOException e) {
                        System.err.println("FUSE over io_uring stays switched on: " + e);
                      }
                    }));
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Skips the test when it is not root, or fails it where mounts are required. */
  public static void root() {
    check(isRoot(), "not root");
  }

  /** True when root runs the tests. */
  public static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
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
