package io.fusewire.filesystems.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.filesystems.Needs;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.MountFixture;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many threads on one mount of the file system in memory, and a check of what they see. */
@Timeout(120)
class MemoryStressIT {
  private static final int THREADS = 16;
  private static final int ROUNDS = 150;
  private static final int SLOTS = 12;
  private static final long SIZE = 64L << 20;

  private final long seed = System.nanoTime();
  private MountFixture fixture;
  private Path root;

  @BeforeEach
  void mount() throws IOException {
    Needs.fuse();
    MountOptions options = MountOptions.create().fsName("memory-stress").defaultPermissions();
    MemoryOptions own = MemoryOptions.defaults().withBytesMax(SIZE);
    fixture = MountFixture.mount(new MemoryFileSystem(own), options);
    root = fixture.directory();
  }

  @AfterEach
  void close() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private interface Worker {
    void run(int number, Random random) throws IOException;
  }

  private void inParallel(int threads, Worker worker) throws Exception {
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> futures = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        futures.add(
            executor.submit(
                () -> {
                  worker.run(number, new Random(seed + number));
                  return null;
                }));
      }
      for (Future<?> future : futures) {
        future.get();
      }
    }
  }

  /** Content that proves by itself that it is whole: its length, a key, and bytes made of it. */
  private static byte[] content(Random random) {
    int length = 12 + random.nextInt(200_000);
    long key = random.nextLong();
    return expected(length, key);
  }

  private static byte[] expected(int length, long key) {
    byte[] bytes = new byte[length];
    new Random(key).nextBytes(bytes);
    ByteBuffer.wrap(bytes).putInt(length).putLong(key);
    return bytes;
  }

  private static void check(byte[] bytes, String what) {
    ByteBuffer header = ByteBuffer.wrap(bytes);
    assertThat(bytes).as(what).isEqualTo(expected(header.getInt(), header.getLong()));
  }

  @Test
  void filesThatAreReplacedMovedAndRemovedAreAlwaysWhole() throws Exception {
    Path[] directories = new Path[3];
    for (int i = 0; i < directories.length; i++) {
      directories[i] = Files.createDirectory(root.resolve("d" + i));
    }
    inParallel(
        THREADS,
        (number, random) -> {
          Path own = root.resolve("own" + number);
          for (int round = 0; round < ROUNDS; round++) {
            Path slot = directories[random.nextInt(3)].resolve("s" + random.nextInt(SLOTS));
            Path other = directories[random.nextInt(3)].resolve("s" + random.nextInt(SLOTS));
            String what = "seed " + seed + " thread " + number + " round " + round;
            try {
              switch (random.nextInt(5)) {
                case 0, 1 -> {
                  Files.write(own, content(random));
                  Files.move(own, slot, StandardCopyOption.REPLACE_EXISTING);
                }
                case 2 -> Files.move(slot, other, StandardCopyOption.ATOMIC_MOVE);
                case 3 -> Files.delete(slot);
                default -> check(Files.readAllBytes(slot), what);
              }
            } catch (NoSuchFileException e) {
              assertThat(e.getFile()).as(what).contains("/s"); // another thread was faster
            }
          }
        });
    for (Path directory : directories) {
      for (Path left : entries(directory)) {
        check(Files.readAllBytes(left), "left " + left);
        Files.delete(left);
      }
      Files.delete(directory);
    }
    assertThat(entries(root)).isEmpty();
    allIsFreeAgain();
  }

  /** The kernel forgets what was removed a moment later. */
  private void allIsFreeAgain() throws Exception {
    Needs.run(
        root,
        """
        until [ $(($(stat -f -c '%c - %d' .))) = 1 ]; do :; done
        until [ $(stat -f -c '%f' .) = $(stat -f -c '%b' .) ]; do :; done
        """);
    assertThat(Files.getFileStore(root).getUnallocatedSpace()).isEqualTo(SIZE);
  }

  private static List<Path> entries(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  @Test
  void writersOfOneFileDoNotDisturbEachOther() throws Exception {
    Path file = Files.createFile(root.resolve("shared"));
    int block = 5000; // across pages
    inParallel(
        8,
        (number, random) -> {
          try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            for (int round = 0; round < ROUNDS; round++) {
              long offset = ((long) random.nextInt(100) * 8 + number) * block;
              byte[] bytes = new byte[block];
              random.nextBytes(bytes);
              channel.write(ByteBuffer.wrap(bytes), offset);
              ByteBuffer read = ByteBuffer.allocate(block);
              assertThat(channel.read(read, offset)).isEqualTo(block);
              assertThat(read.array()).as("seed " + seed + " at " + offset).isEqualTo(bytes);
            }
          }
        });
  }

  @Test
  void aListingShowsWhatStaysOnceWhileOthersComeAndGo() throws Exception {
    int staying = 3000;
    Path directory = Files.createDirectory(root.resolve("many"));
    for (int i = 0; i < staying; i++) {
      Files.createFile(directory.resolve("stay" + i));
    }
    CountDownLatch listed = new CountDownLatch(3);
    inParallel(
        4,
        (number, random) -> {
          if (number == 0) {
            for (int i = 0; listed.getCount() > 0; i++) {
              Files.createFile(directory.resolve("brief" + i));
              Files.delete(directory.resolve("brief" + i));
            }
            return;
          }
          try {
            for (int round = 0; round < 5; round++) {
              List<Path> seen = entries(directory);
              Set<Path> once = new HashSet<>(seen);
              assertThat(once).as("twice").hasSameSizeAs(seen);
              once.removeIf(path -> path.getFileName().toString().startsWith("brief"));
              assertThat(once).hasSize(staying);
            }
          } finally {
            listed.countDown();
          }
        });
  }

  @Test
  void anOpenFileStaysItselfWhileItsAncestorsMove() throws Exception {
    Path deep = Files.createDirectories(root.resolve("a/b/c"));
    try (FileChannel file =
        FileChannel.open(
            deep.resolve("f"),
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE)) {
      for (int i = 0; i < 100; i++) {
        Path from = i % 2 == 0 ? root.resolve("a/b") : root.resolve("z");
        Path to = i % 2 == 0 ? root.resolve("z") : root.resolve("a/b");
        Files.move(from, to);
        file.write(ByteBuffer.wrap(new byte[] {(byte) i}), i);
        assertThat(Files.size(to.resolve("c/f"))).isEqualTo(i + 1);
      }
      Files.delete(root.resolve("a/b/c/f"));
      Files.delete(root.resolve("a/b/c"));
      ByteBuffer last = ByteBuffer.allocate(1);
      file.read(last, 99);
      assertThat(last.get(0)).isEqualTo((byte) 99);
    }
  }
}
