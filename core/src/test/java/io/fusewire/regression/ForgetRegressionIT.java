package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.FlatFileSystem;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.Interrupt;
import io.fusewire.raw.Read;
import io.fusewire.wire.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The seed's defects with forgets and interrupts, on real mounts. */
@Timeout(60)
class ForgetRegressionIT {
  private static final int DIRECTORIES = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** Prints the errno of one read, or how much it read; SIGINT only interrupts. */
  private static final String READER =
      "$SIG{INT} = sub {}; open(F, '<', $ARGV[0]) or die; $r = sysread(F, $b, 10);"
          + " print defined $r ? \"read $r\" : 'errno ' . ($! + 0)";

  @BeforeAll
  static void requireMounts() {
    RealMounts.require();
  }

  /** R18: after 300 times lookup and rmdir all lookups have come back. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r18_allLookupsOfRemovedDirectoriesComeBack(Mode mode) throws Exception {
    FlatFileSystem fileSystem = new FlatFileSystem();
    try (RealMount real = RealMount.mount(fileSystem, mode)) {
      for (int i = 0; i < DIRECTORIES; i++) {
        Files.createDirectory(real.path("dir" + i));
      }
      assertThat(fileSystem.held).hasValueGreaterThanOrEqualTo(DIRECTORIES);
      for (int i = 0; i < DIRECTORIES; i++) {
        Files.delete(real.path("dir" + i));
      }
      Awaitility.await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(fileSystem.held).hasValue(0));
    }
  }

  /** Leaves a read unanswered until an INTERRUPT names it. */
  private static final class Blocking extends FlatFileSystem {
    final List<Long> interrupts = new CopyOnWriteArrayList<>();
    final CountDownLatch reading = new CountDownLatch(1);
    private final AtomicReference<DataReply> blocked = new AtomicReference<>();
    private volatile long unique;

    @Override
    public void read(Read.Request request, DataReply reply) {
      unique = request.unique();
      blocked.set(reply.later());
      reading.countDown();
    }

    @Override
    public void interrupt(Interrupt.Request request) {
      interrupts.add(request.victim());
      if (request.victim() == unique) {
        blocked.get().error(Errno.EINTR);
      }
    }
  }

  /** R22: SIGINT to a blocked reader reaches the file system once, and the reader gets EINTR. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r22_aSignalReachesTheFileSystemOnceAndTheReaderGetsEintr(Mode mode) throws Exception {
    Blocking fileSystem = new Blocking();
    fileSystem.put("file", new byte[100]);
    try (RealMount real =
        RealMount.mount(mode.layer(fileSystem), mode.options().option("direct_io"))) {
      Process reader =
          new ProcessBuilder("perl", "-e", READER, real.path("file").toString()).start();
      fileSystem.reading.await();
      assertThat(RealMount.run("kill", "-INT", Long.toString(reader.pid()))).isZero();
      String said = new String(reader.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said).isEqualTo("errno " + Errno.EINTR);
      assertThat(reader.waitFor()).isZero();
      assertThat(fileSystem.interrupts).containsExactly(fileSystem.unique);
    }
  }
}
