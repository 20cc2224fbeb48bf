package io.fusewire.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What tests with real mounts share. */
public final class RealMounts {
  private RealMounts() {}

  /** Skips the test where nothing can be mounted, unless the environment says that it must. */
  public static void require() {
    demand(Files.exists(Path.of(FuseDevice.PATH)) && Mounters.mayMount(), "/dev/fuse and root");
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
