package io.fusewire.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fusewire.session.TransportKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What tests with real mounts share. */
public final class RealMounts {
  private static final Path URING_SWITCH = Path.of("/sys/module/fuse/parameters/enable_uring");

  private RealMounts() {}

  /** Skips the test where nothing can be mounted, unless the environment says that it must. */
  public static void require() {
    demand(Files.exists(Path.of(FuseDevice.PATH)) && Mounters.mayMount(), "/dev/fuse and root");
    if ("uring".equals(System.getProperty(TransportKind.PROPERTY))) {
      demand(switchOn(), "FUSE over io_uring (Linux 6.14 or later, and root to switch it on)");
    }
  }

  /** The same for mounts over io_uring, which the kernel offers for the rest of this process. */
  public static void requireUring() {
    require();
    demand(switchOn(), "FUSE over io_uring (Linux 6.14 or later, and root to switch it on)");
  }

  private static synchronized boolean switchOn() {
    try {
      if (!Files.exists(URING_SWITCH)) {
        return false;
      }
      String before = Files.readString(URING_SWITCH).strip();
      if (!before.equals("Y")) {
        Files.writeString(URING_SWITCH, "Y");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> switchTo(before)));
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void switchTo(String value) {
    try {
      Files.writeString(URING_SWITCH, value);
    } catch (IOException e) {
      System.err.println("the kernel's switch for FUSE over io_uring stays on: " + e);
    }
  }

  public static void requireHelper() {
    require();
    demand(Fusermount.find() != null, "fusermount3 (package fuse3)");
  }

  private static void demand(boolean present, String what) {
    if ("1".equals(System.getenv("FUSEWIRE_REQUIRE_MOUNT"))) {
      assertThat(present).as(what).isTrue();
    }
    assumeTrue(present, what);
  }

  /** The numbers of this process's open descriptors. */
  static List<String> openDescriptors() throws IOException {
    try (Stream<Path> list = Files.list(Path.of("/proc/self/fd"))) {
      // The listing itself has one open; it is gone when its link is read.
      return list.filter(Files::exists).map(Path::toString).sorted().toList();
    }
  }
}
