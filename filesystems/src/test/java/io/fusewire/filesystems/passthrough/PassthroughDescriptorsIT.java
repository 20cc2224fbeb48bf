package io.fusewire.filesystems.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.filesystems.Needs;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A server that may open 1 024 descriptors, in a process of its own. */
class PassthroughDescriptorsIT {
  private static final int LIMIT = 1024;
  private static final int FILES = 50_000;

  private Path classes = Path.of(".");
  private Path backing = Path.of(".");
  private Path point = Path.of(".");
  private Process server;

  @BeforeEach
  void mount() throws IOException {
    Needs.fuse();
    classes = PassthroughMount.copyOfClasses();
    backing = Files.createTempDirectory("fusewire-limited");
    point = Files.createTempDirectory("fusewire-limited-mount");
    List<String> java = PassthroughMount.java(classes, MountMain.class, backing, point);
    String command = "ulimit -n " + LIMIT + "; exec " + String.join(" ", java);
    server =
        new ProcessBuilder("sh", "-c", command)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(server.inputReader().readLine()).isEqualTo("SERVING");
  }

  @AfterEach
  void close() throws Exception {
    if (server != null) {
      server.outputWriter().close();
      assertThat(server.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(server.exitValue()).isZero();
    }
    for (Path path : List.of(classes, backing, point)) {
      PassthroughMount.delete(path);
    }
  }

  @Test
  void manyFilesAreMadeAndReadUnderTheLimit() throws IOException {
    byte[] text = "content".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < FILES; i++) {
      if (i % 1000 == 0) {
        Files.createDirectory(point.resolve("d" + i));
      }
      Files.write(path(i), text);
    }
    assertThat(descriptors()).isLessThan(LIMIT);
    for (int i = 0; i < FILES; i++) {
      assertThat(Files.size(path(i))).isEqualTo(text.length);
    }
    for (int i = 0; i < FILES; i += 7) {
      assertThat(Files.readAllBytes(path(i))).isEqualTo(text);
    }
    assertThat(descriptors()).isLessThan(LIMIT);
  }

  private Path path(int number) {
    return point.resolve("d" + (number - number % 1000)).resolve("f" + number);
  }

  private long descriptors() throws IOException {
    try (var all = Files.list(Path.of("/proc/" + server.pid() + "/fd"))) {
      return all.count();
    }
  }

  /** More open files than the server may have descriptors: all can be read, written and removed. */
  @Test
  void openFilesShareTheDescriptors() throws IOException {
    Needs.root(); // open_by_handle_at(2), which opens them again
    List<Integer> open = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocate(8);
      for (int i = 0; i < 2 * LIMIT; i++) {
        open.add(opened(point.resolve("f" + i), Open.RDWR | Open.CREAT));
      }
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < open.size(); i++) {
          data.set(ValueLayout.JAVA_INT, 0, i);
          assertThat(FileCalls.pwrite(open.get(i), data.address(), 4, 0)).isEqualTo(4);
          assertThat(FileCalls.fchmod(open.get(i), 0600)).isZero();
        }
        if (round == 0) {
          for (int i = 0; i < open.size(); i += 8) {
            Files.delete(point.resolve("f" + i)); // the open file lives on without its name
          }
        }
      }
      for (int i = 0; i < open.size(); i++) {
        assertThat(FileCalls.pread(open.get(i), data.address(), 8, 0)).isEqualTo(4);
        assertThat(data.get(ValueLayout.JAVA_INT, 0)).isEqualTo(i);
      }
    } finally {
      open.forEach(FileCalls::close);
    }
  }

  /** Open directories need a descriptor each. */
  @Test
  void outOfDescriptorsIsAnErrorThatPasses() throws IOException {
    List<Integer> open = new ArrayList<>();
    int failure = 0;
    try {
      for (int i = 0; i < 2 * LIMIT && failure == 0; i++) {
        int result = open(point, Open.RDONLY | Open.DIRECTORY);
        if (result < 0) {
          failure = -result;
        } else {
          open.add(result);
        }
      }
      assertThat(failure).isIn(Errno.EMFILE, Errno.ENFILE);
      assertThat(open.size()).isGreaterThan(LIMIT * 3 / 4);
      Files.createDirectory(point.resolve("names-still-work"));
      assertThat(Files.isDirectory(point.resolve("names-still-work"))).isTrue();
      Files.delete(point.resolve("names-still-work"));
    } finally {
      open.forEach(FileCalls::close);
    }
    for (int i = 0; i < 100; i++) {
      FileCalls.close(opened(point.resolve("again" + i), Open.RDWR | Open.CREAT));
    }
    try (var names = Files.list(point)) {
      assertThat(names.count()).isEqualTo(100);
    }
  }

  private static int opened(Path path, int flags) {
    int result = open(path, flags);
    assertThat(result).as("open %s", path).isGreaterThanOrEqualTo(0);
    return result;
  }

  private static int open(Path path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long name = CString.of(arena, path.toString()).address();
      return NameCalls.openat(At.FDCWD, name, flags | Open.CLOEXEC, 0644);
    }
  }
}
