package io.fusewire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.wire.flag.InitFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is compared must do the same: the null file system in C and ours, on real mounts. */
@Timeout(60)
class NullServerIT {
  private static final Path SOURCES = Path.of("native");

  @TempDir private Path directory;

  private Path compile(String program, String... libraries) throws IOException {
    Path binary = directory.resolve(program);
    Path source = SOURCES.resolve(program + ".c");
    List<String> command = new ArrayList<>(List.of("cc", "-O2", "-std=gnu17", "-pthread"));
    command.addAll(List.of("-Wall", "-Wextra", "-Werror"));
    command.addAll(List.of("-o", binary.toString(), source.toString()));
    command.addAll(List.of(libraries));
    Commands.run(command);
    return binary;
  }

  private Path mountPoint() throws IOException {
    return Files.createDirectory(directory.resolve("mnt"));
  }

  @Test
  void theServerInCShowsTheSameFiles() throws IOException {
    boolean root = Files.getOwner(Path.of("/proc/self")).getName().equals("root");
    if ("1".equals(System.getenv("FUSEWIRE_REQUIRE_MOUNT"))) {
      assertThat(root).as("mount(2) is root's").isTrue();
    }
    assumeTrue(root, "mount(2) is root's");
    String floor = compile("floor").toString();
    try (Server inC = Server.start(List.of(floor, "--readers", "2", "--control"), List.of());
        Mount mount = Fusewire.mount(new NullFileSystem(), mountPoint(), MountOptions.create())) {
      Path ours = Path.of(mount.mountPoint());
      assertThat(FileCheck.describe(ours, true))
          .isEqualTo(FileCheck.describe(inC.mountPoint(), true))
          .contains("big {gid=0, ino=2, mode=33188")
          .contains("b1000 missing")
          .contains("deleted missing");
      long granted = mount.negotiation().granted() & ~InitFlags.OVER_IO_URING;
      assertThat(Long.toHexString(granted)).isEqualTo(inC.capabilities());
    }
  }

  @Test
  void theServerOnIoUringShowsTheSameFiles() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "mount(2) is root's");
    assumeTrue(Files.exists(Path.of("/usr/include/liburing.h")), "no liburing");
    String ring = compile("ring", "-luring").toString();
    try (RingSwitch _ = RingSwitch.require(true, true);
        Server inC = Server.start(List.of(ring, "--depth", "4", "--control"), List.of());
        Mount mount = Fusewire.mount(new NullFileSystem(), mountPoint(), MountOptions.create())) {
      double before = inC.counts().get("requests");
      assertThat(FileCheck.describe(inC.mountPoint(), true))
          .isEqualTo(FileCheck.describe(Path.of(mount.mountPoint()), true));
      assertThat(inC.counts().get("requests")).isGreaterThan(before);
    }
  }

  @Test
  void everyWorkloadRunsOnOurServer() throws IOException {
    String client = compile("client").toString();
    try (Mount mount = Fusewire.mount(new NullFileSystem(), mountPoint(), MountOptions.create())) {
      for (String workload :
          List.of(
              "stat",
              "lookup-miss",
              "first-byte",
              "small-file",
              "readdir-stat",
              "read128k",
              "seqread",
              "seqwrite",
              "mmap",
              "interference",
              "getattr",
              "open-close",
              "create-unlink",
              "readdir",
              "read4k",
              "write4k",
              "read1m",
              "write1m",
              "mixed")) {
        Numbers result =
            Numbers.parse(
                Commands.run(
                    List.of(
                        client,
                        "--dir",
                        mount.mountPoint(),
                        "--workload",
                        workload,
                        "--threads",
                        "2",
                        "--seconds",
                        "0.05",
                        "--warmup",
                        "0.01")));
        assertThat(result.get("errors")).as(workload).isZero();
        assertThat(result.get("operations")).as(workload).isGreaterThanOrEqualTo(2);
        assertThat(result.get("p99Micros")).isGreaterThanOrEqualTo(result.get("p50Micros"));
      }
    }
  }
}
