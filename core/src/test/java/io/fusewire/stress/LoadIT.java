package io.fusewire.stress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.metrics.Counter;
import io.fusewire.metrics.GaugeValues;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.Read;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many processes at once, and slow files beside fast ones. */
@Timeout(600)
class LoadIT {
  private static final int PROCESSES = 64;
  private static final int ROUNDS = 20 * StressMount.TIMES;
  private static final int WORKERS = 4;
  private static final int ROUNDS_BESIDE = 100 * StressMount.TIMES;
  private static final Duration SLOW = Duration.ofMillis(200);

  /** Writes, renames, reads back and removes a file of its own; counts in a file of everybody. */
  private static final String WORKER =
      """
      use Fcntl;
      my ($dir, $me, $rounds) = @ARGV;
      chdir $dir or die "chdir: $!";
      sysopen(my $all, "shared", O_RDWR) or die "shared: $!";
      for my $i (1 .. $rounds) {
        my $text = "$me $i " . ("x" x ($i * 37 % 6000));
        open(my $f, ">", "f$me") or die "create: $!";
        (syswrite($f, $text) // -1) == length $text or die "write: $!";
        close $f or die "close: $!";
        rename "f$me", "g$me" or die "rename: $!";
        open($f, "<", "g$me") or die "open: $!";
        my $got = do { local $/; <$f> };
        close $f;
        $got eq $text or die "g$me holds '$got' instead of '$text'";
        -e "f$me" and die "f$me is still there";
        sysseek($all, $me * 8, 0) or die "seek: $!";
        syswrite($all, pack("Q<", $i)) == 8 or die "shared: $!";
        unlink "g$me" or die "unlink: $!" if $i < $rounds;
      }
      """;

  @BeforeAll
  static void requireMounts() {
    RealMounts.require();
  }

  @Test
  void manyProcessesOnSmallFilesFindWhatTheyWrote() throws Exception {
    StressFiles fileSystem = new StressFiles();
    fileSystem.put("shared", "");
    try (StressMount real =
        StressMount.mount(fileSystem, StressMount.options(Dispatch.workers(WORKERS)))) {
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        String me = Integer.toString(i);
        clients.add(
            real.start(
                "perl", "-e", WORKER, real.directory.toString(), me, Integer.toString(ROUNDS)));
      }
      long running = 0;
      while (clients.stream().anyMatch(Client::isAlive)) {
        GaugeValues gauges = real.mount.metrics().gauges();
        running = Math.max(running, gauges.running());
        Waiting.slowly(1_000_000);
      }
      for (Client client : clients) {
        assertThat(client.rest()).isEmpty();
        assertThat(client.await(StressMount.PATIENCE)).isZero();
      }
      assertThat(running).isBetween(1L, (long) WORKERS);
      checkFiles(real);
      assertThat(real.counter(Counter.LOST_ANSWER)).isZero();
      assertThat(real.counter(Counter.REPLY_UNWANTED)).isZero();
      real.assertConserved();
      System.out.printf(
          "%d processes x %d rounds: %d requests, at most %d of %d workers at once%n",
          PROCESSES, ROUNDS, real.mount.metrics().count(), running, WORKERS);
    }
  }

  private static void checkFiles(StressMount real) throws Exception {
    ByteBuffer shared =
        ByteBuffer.wrap(Files.readAllBytes(real.path("shared"))).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(shared.remaining()).isEqualTo(PROCESSES * Long.BYTES);
    for (int i = 0; i < PROCESSES; i++) {
      assertThat(shared.getLong()).as("rounds of process %d", i).isEqualTo(ROUNDS);
      assertThat(Files.readString(real.path("g" + i))).startsWith(i + " " + ROUNDS + " ");
    }
  }

  /** Reading takes a while, as from a disk that has to spin up. */
  private static final class SlowReads extends StressFiles {
    final CountDownLatch reading = new CountDownLatch(2);

    @Override
    public void read(Read.Request request, DataReply reply) {
      reading.countDown();
      Waiting.slowly(SLOW.toNanos());
      super.read(request, reply);
    }
  }

  private static Stream<Dispatch> dispatches() {
    return StressMount.dispatches();
  }

  @ParameterizedTest
  @MethodSource("dispatches")
  void slowReadsDelayNobodyElse(Dispatch dispatch) throws Exception {
    SlowReads fileSystem = new SlowReads();
    fileSystem.put("slow0", "0");
    fileSystem.put("slow1", "1");
    try (StressMount real =
        StressMount.mount(fileSystem, StressMount.options(dispatch).directIo())) {
      String loop = "while :; do read x < \"$0\"; [ \"$x\" = \"$1\" ] || exit 1; done";
      for (String each : List.of("0", "1")) {
        real.start("sh", "-c", loop, real.path("slow" + each).toString(), each);
      }
      fileSystem.reading.await();
      long begin = System.nanoTime();
      for (int i = 0; i < ROUNDS_BESIDE; i++) {
        assertThat(Files.size(real.path("slow" + i % 2))).isEqualTo(1);
        Files.createFile(real.path("new"));
        Files.delete(real.path("new"));
      }
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      System.out.printf(
          "%s: %d times stat, create, unlink beside reads of %d ms in %d ms%n",
          dispatch, ROUNDS_BESIDE, SLOW.toMillis(), took.toMillis());
      // Half of one slow read for each: none of them waited for one.
      assertThat(took).isLessThan(SLOW.multipliedBy(ROUNDS_BESIDE).dividedBy(2));
    }
  }
}
