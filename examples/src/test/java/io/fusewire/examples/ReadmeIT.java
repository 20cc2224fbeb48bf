package io.fusewire.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows compiles, mounts and answers. */
class ReadmeIT {
  private static final int LINES_MAX = 25;
  private static final String IMPORTS =
      """
      import static java.nio.charset.StandardCharsets.UTF_8;
      import io.fusewire.raw.*;
      import io.fusewire.session.Fusewire;
      import io.fusewire.wire.*;
      import java.nio.file.Path;
      """;

  @TempDir Path directory;

  private static List<String> example() throws IOException {
    List<String> readme = Files.readAllLines(Path.of("../README.md"));
    int start = readme.indexOf("```java");
    int end = readme.subList(start, readme.size()).indexOf("```") + start;
    return readme.subList(start + 1, end);
  }

  @Test
  void theFileSystemOfTheReadmeIsShort() throws IOException {
    assertThat(example()).hasSizeLessThanOrEqualTo(LINES_MAX);
  }

  @Test
  void theFileSystemOfTheReadmeWorks() throws Exception {
    Path source = directory.resolve("HelloFileSystem.java");
    Files.writeString(source, IMPORTS + String.join("\n", example()));
    Path classes = Files.createDirectory(directory.resolve("classes"));
    String classPath = System.getProperty("java.class.path");
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, "-cp", classPath, "-d", "" + classes, "" + source);
    assertThat(status).isZero();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      Object made = loader.loadClass("HelloFileSystem").getConstructor().newInstance();
      check((RawFileSystem) made);
    }
  }

  @Test
  void theExampleWorks() throws IOException {
    check(new HelloFileSystem());
  }

  /** Without it mounts are skipped, or fail where they are required. */
  private static void requireFuse() {
    boolean present = Files.isWritable(Path.of("/dev/fuse"));
    if ("1".equals(System.getenv("FUSEWIRE_REQUIRE_MOUNT"))) {
      assertThat(present).as("/dev/fuse can be opened").isTrue();
    }
    assumeTrue(present, "/dev/fuse cannot be opened");
  }

  private void check(RawFileSystem fileSystem) throws IOException {
    requireFuse();
    Path mountPoint = Files.createDirectories(directory.resolve("mnt"));
    try (Mount mount = Fusewire.mount(fileSystem, mountPoint)) {
      assertThat(mount.state()).isEqualTo(Mount.State.SERVING);
      assertThat(mountPoint.toFile().list()).containsExactly("hello");
      assertThat(Files.readString(mountPoint.resolve("hello"))).isEqualTo("Hello, FUSE!\n");
      assertThat(mountPoint.resolve("absent")).doesNotExist();
      assertThat(Objects.requireNonNull(mountPoint.toFile().list())).hasSize(1);
    }
  }
}
