package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.FlatFileSystem;
import io.fusewire.Logs;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.Read;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The seed's defects in how requests share threads and places. */
@Timeout(60)
class DispatchRegressionIT {
  private static final int OTHERS = 100;
  private static final int SLOW = 4;

  @BeforeAll
  static void requireMounts() {
    RealMounts.require();
  }

  /** Reading blocks the handler's thread until the test allows it to end. */
  private static final class Slow extends FlatFileSystem {
    final CountDownLatch started;
    final CountDownLatch permission = new CountDownLatch(1);

    Slow(int reads) {
      started = new CountDownLatch(reads);
      for (int i = 0; i < reads; i++) {
        put("file" + i, new byte[1]);
      }
    }

    @Override
    public void read(Read.Request request, DataReply reply) {
      started.countDown();
      try {
        permission.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      reply.data(new byte[1], request.offset());
    }
  }

  private static List<Thread> readers(RealMount real, int count) {
    List<Thread> readers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Path file = real.path("file" + i);
      readers.add(Thread.ofPlatform().start(() -> readQuietly(file)));
    }
    return readers;
  }

  private static void readQuietly(Path file) {
    try {
      assertThat(Files.readAllBytes(file)).hasSizeLessThan(2);
    } catch (IOException e) {
      assertThat(e).hasMessageContaining(file.toString()); // the mount was aborted
    }
  }

  /** R34, R86: handlers that block delay neither each other nor anybody else. */
  @ParameterizedTest
  @EnumSource(value = Mode.class, mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void r34_r86_blockedHandlersDelayNobody(Mode mode) throws Exception {
    Slow fileSystem = new Slow(SLOW);
    try (RealMount real = RealMount.mount(fileSystem, mode)) {
      List<Thread> readers = readers(real, SLOW);
      fileSystem.started.await();
      for (int i = 0; i < OTHERS; i++) {
        Files.createDirectory(real.path("dir" + i));
        assertThat(Files.size(real.path("file" + i % SLOW))).isEqualTo(1);
      }
      fileSystem.permission.countDown();
      for (Thread reader : readers) {
        reader.join();
      }
    }
  }

  /**
   * R27: closing ends within its limits although every place for data is taken by a blocked
   * request; one of three is kept for metadata.
   */
  @Test
  void r27_closingEndsAlthoughAllPlacesAreTaken() throws Exception {
    Slow fileSystem = new Slow(2);
    Duration step = Duration.ofMillis(500);
    RealMount real =
        RealMount.mount(
            Mode.VIRTUAL.layer(fileSystem),
            Mode.VIRTUAL.options().maxInFlight(3).readers(1).closeTimeout(step));
    List<Thread> readers = readers(real, 2);
    fileSystem.started.await();
    try (Logs logs = Logs.caught()) {
      long begin = System.nanoTime();
      real.mount.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(step.multipliedBy(10));
      assertThat(logs.messages()).isNotEmpty();
    }
    fileSystem.permission.countDown();
    for (Thread reader : readers) {
      reader.join();
    }
    assertThat(fileSystem.destroyed).hasValue(1);
    Files.delete(real.directory);
  }
}
