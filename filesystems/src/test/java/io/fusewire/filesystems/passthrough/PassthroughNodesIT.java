package io.fusewire.filesystems.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the file system remembers of names and nodes, and how long. */
class PassthroughNodesIT {
  private PassthroughMount mount;

  @BeforeEach
  void mount() throws IOException {
    mount = PassthroughMount.mount(PassthroughOptions.defaults().withDescriptorsMax(16));
  }

  @AfterEach
  void close() throws IOException {
    if (mount != null) {
      mount.close();
    }
  }

  @Test
  void lookupCountsReturnToZero() throws IOException {
    mount.script("ls -la");
    int before = mount.fileSystem().nodes();
    mount.script(
        """
        mkdir d e; for i in $(seq 200); do echo $i > d/$i; done; ls -l d; cat d/*; ls -lR .
        ln d/1 d/hard; ln -s x d/soft; mkfifo d/p; mv d/2 e/2; mv d/3 d/4; rm -r d e; ls -la
        """);
    long end = System.nanoTime() + 10_000_000_000L;
    while (mount.fileSystem().nodes() > before && System.nanoTime() < end) {
      Thread.onSpinWait(); // FORGET comes when the kernel likes
    }
    assertThat(mount.fileSystem().nodes()).isEqualTo(before);
    assertThat(mount.fileSystem().openDescriptors()).isLessThanOrEqualTo(before);
  }

  @Test
  void hardLinksAreOneNode() throws IOException {
    String printed =
        mount.script(
            """
            echo one > a; ln a b; echo two >> b; cat a; test a -ef b; stat -c '%i %h' a b | sort -u
            rm a; stat -c %h b; cat b; mv b c; ln c a; test $(stat -c %i a) = $(stat -c %i c)
            """);
    assertThat(printed.lines().filter(line -> line.endsWith(" 2"))).hasSize(1);
  }

  /** Other directories push the descriptors out, so that all is found by names and handles. */
  @Test
  void ancestorsOfOpenFilesAreRenamed() throws Exception {
    Path base = mount.directory();
    mount.script("mkdir -p a/b/c/d other; for i in $(seq 64); do mkdir other/$i; done");
    Path path = base.resolve("a/b/c/d/f");
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int i = 0; i < 10; i++) {
        file.write(ByteBuffer.wrap(new byte[] {(byte) ('0' + i)}));
        Files.move(base.resolve(i % 2 == 0 ? "a" : "z"), base.resolve(i % 2 == 0 ? "z" : "a"));
        Files.move(
            mount.backing().resolve("a/b".replace('a', i % 2 == 0 ? 'z' : 'a')),
            mount.backing().resolve("b"));
        Files.move(
            mount.backing().resolve("b"),
            mount.backing().resolve("a/b".replace('a', i % 2 == 0 ? 'z' : 'a')));
        mount.script("for i in $(seq 64); do ls other/$i; done");
        Path now = base.resolve(i % 2 == 0 ? "z" : "a").resolve("b/c/d");
        Files.writeString(now.resolve("new" + i), "x");
        file.force(true);
        assertThat(Files.size(now.resolve("f"))).isEqualTo(i + 1);
      }
    }
    assertThat(mount.backing().resolve("a/b/c/d/f")).hasContent("0123456789");
  }

  @Test
  void renamesAndUsesAtOnceNeverMissAFile() throws Exception {
    Path base = mount.directory();
    mount.script("mkdir -p a/s; echo x > a/s/f");
    AtomicReference<Throwable> failure = new AtomicReference<>();
    try (FileChannel file = FileChannel.open(base.resolve("a/s/f"), StandardOpenOption.WRITE)) {
      Thread renamer =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 500; i++) {
                        Files.move(base.resolve("a"), base.resolve("b"));
                        Files.move(base.resolve("b/s/f"), base.resolve("b/s/g"));
                        Files.move(base.resolve("b/s/g"), base.resolve("b/s/f"));
                        Files.move(base.resolve("b"), base.resolve("a"));
                      }
                    } catch (IOException e) {
                      failure.set(e);
                    }
                  });
      while (renamer.isAlive()) {
        file.write(ByteBuffer.wrap(new byte[10]), 0);
        file.truncate(5);
        file.size();
      }
      renamer.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(Files.size(base.resolve("a/s/f"))).isEqualTo(5);
  }

  @Test
  void listingsFindAllThatStaysWhileOthersComeAndGo() throws IOException {
    Path base = Files.createDirectory(mount.directory().resolve("d"));
    for (int i = 0; i < 1000; i++) {
      Files.createFile(base.resolve("stays" + i));
      Files.createFile(base.resolve("goes" + i));
    }
    List<String> seen = new ArrayList<>();
    try (var names = Files.newDirectoryStream(base)) {
      int number = 0;
      for (Path name : names) {
        seen.add(name.getFileName().toString());
        if (number < 1000) {
          Files.deleteIfExists(base.resolve("goes" + number));
          Files.createFile(base.resolve("comes" + number));
        }
        number++;
      }
    }
    seen.removeIf(name -> !name.startsWith("stays"));
    assertThat(seen).hasSize(1000).doesNotHaveDuplicates();
  }

  @Test
  void aReplacedFileIsAnotherNode() throws IOException {
    Path base = mount.directory();
    Files.writeString(base.resolve("f"), "old");
    Files.writeString(base.resolve("new"), "new");
    try (FileChannel old = FileChannel.open(base.resolve("f"), StandardOpenOption.READ)) {
      Files.move(base.resolve("new"), base.resolve("f"), StandardCopyOption.REPLACE_EXISTING);
      ByteBuffer text = ByteBuffer.allocate(3);
      old.read(text, 0);
      assertThat(new String(text.array(), java.nio.charset.StandardCharsets.US_ASCII))
          .isEqualTo("old");
      assertThat(base.resolve("f")).hasContent("new");
    }
  }
}
