package io.fusewire.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.Logs;
import io.fusewire.dispatch.Dispatch;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.metrics.Counter;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.Read;
import io.fusewire.raw.Release;
import io.fusewire.raw.Setlk;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.wire.Errno;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.ReleaseFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits, deadlines and the closed gate on real mounts. */
@Timeout(600)
class GateIT {
  private static final int MIB = 1 << 20;
  private static final int NARROW = 2;

  @BeforeAll
  static void requireMounts() {
    RealMounts.require();
  }

  private static Stream<Dispatch> narrow() {
    return Stream.of(Dispatch.workers(NARROW), Dispatch.virtual(), Dispatch.hybrid());
  }

  /** One lock for flock(2); a waiter blocks its thread. */
  private static final class Locking extends StressFiles {
    private static final int F_UNLCK = 2;
    final AtomicInteger waiting = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean taken;
    private long owner;

    @Override
    public void init(Negotiation negotiation) {
      negotiation.require(InitFlags.FLOCK_LOCKS);
    }

    @Override
    public void setlk(Setlk.Request request, EmptyReply reply) {
      if (request.type() == F_UNLCK) {
        unlock(request.owner());
      } else if (!take(request.owner(), request.waits())) {
        throw new FuseException(Errno.EAGAIN);
      }
      reply.ok();
    }

    private boolean take(long by, boolean waits) {
      lock.lock();
      try {
        while (taken && owner != by) {
          if (!waits) {
            return false;
          }
          waiting.incrementAndGet();
          changed.awaitUninterruptibly();
          waiting.decrementAndGet();
        }
        taken = true;
        owner = by;
        return true;
      } finally {
        lock.unlock();
      }
    }

    private void unlock(long by) {
      lock.lock();
      try {
        if (taken && owner == by) {
          taken = false;
          changed.signalAll();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void release(Release.Request request, EmptyReply reply) {
      if ((request.flags() & ReleaseFlags.FLOCK_UNLOCK) != 0) {
        unlock(request.lockOwner());
      }
      super.release(request, reply);
    }
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void theUnlockGetsPastMoreWaitersThanThereArePlaces(Dispatch dispatch) throws Exception {
    Locking fileSystem = new Locking();
    fileSystem.put("file", "text");
    int waiters = 8;
    try (StressMount real =
        StressMount.mount(
            fileSystem, StressMount.options(dispatch).maxInFlight(NARROW).parkingSlots(NARROW))) {
      String file = real.path("file").toString();
      Client holder =
          real.start(
              "sh",
              "-c",
              "exec 9<>\"$0\"; flock 9; echo locked; read x; flock -u 9; echo unlocked; read x",
              file);
      assertThat(holder.line()).isEqualTo("locked");
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < waiters; i++) {
        clients.add(real.start("flock", file, "true"));
      }
      Waiting.until(
          () -> fileSystem.waiting.get() == waiters, () -> fileSystem.waiting + " wait for it");
      assertThat(Files.readString(Path.of(file))).isEqualTo("text");
      holder.say("unlock");
      assertThat(holder.line()).isEqualTo("unlocked");
      for (Client client : clients) {
        assertThat(client.await(StressMount.PATIENCE)).isZero();
      }
      holder.say("end");
      assertThat(holder.await(StressMount.PATIENCE)).isZero();
      real.assertConserved();
    }
  }

  /** Takes bytes and throws them away, at the pace of a disk. */
  private static final class Sink extends StressFiles {
    final AtomicLong bytes = new AtomicLong();

    @Override
    public void write(Write.Request request, WriteReply reply) {
      Waiting.slowly(2_000_000);
      bytes.addAndGet(request.size());
      reply.written(request.size());
    }
  }

  private static String memory(String key) throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(key))
        .findFirst()
        .map(line -> line.substring(key.length()).strip())
        .orElse("?");
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void bytesInFlightKeepTheBudget(Dispatch dispatch) throws Exception {
    int writers = 64;
    int budget = 8 * MIB;
    int parking = 4;
    int each = 8 * StressMount.TIMES;
    Sink fileSystem = new Sink();
    try (StressMount real =
        StressMount.mount(
            fileSystem,
            StressMount.options(dispatch)
                .directIo()
                .maxInFlightBytes(budget)
                .parkingSlots(parking))) {
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        String to = "of=" + real.path("file" + i);
        clients.add(real.start("dd", "if=/dev/zero", to, "bs=1M", "count=" + each, "status=none"));
      }
      long peak = 0;
      while (clients.stream().anyMatch(Client::isAlive)) {
        peak = Math.max(peak, real.mount.metrics().gauges().inFlightBytes());
        Waiting.slowly(100_000);
      }
      for (Client client : clients) {
        assertThat(client.rest()).isEmpty();
        assertThat(client.await(StressMount.PATIENCE)).isZero();
      }
      System.out.printf(
          "%s: peak of %.2f MiB in flight, budget %d MiB and %d parked; RSS %s, at most %s%n",
          dispatch, (double) peak / MIB, budget / MIB, parking, memory("VmRSS:"), memory("VmHWM:"));
      assertThat(fileSystem.bytes).hasValue((long) writers * each * MIB);
      // Each thread that reads may have begun when the last place was taken. A request is its MiB
      // and a header; the slack of a page for each is for that.
      int readers =
          real.mount.transport().startsWith("io_uring")
              ? Runtime.getRuntime().availableProcessors()
              : 1;
      int most = budget / MIB + parking + readers - 1;
      assertThat(peak).isBetween(budget / 2L, most * (MIB + 4096L));
      assertThat(real.counter(Counter.GATE_CLOSED)).isPositive();
    }
  }

  @Test
  void theKernelsLimitsChangeWhileMounted() throws Exception {
    StressFiles fileSystem = new StressFiles();
    fileSystem.put("file", "text");
    try (StressMount real = StressMount.mount(fileSystem, StressMount.options(Dispatch.hybrid()))) {
      real.mount.limits().maxBackground(48);
      real.mount.limits().congestionThreshold(36);
      assertThat(real.connection().maxBackground()).isEqualTo(48);
      assertThat(real.connection().congestionThreshold()).isEqualTo(36);
      assertThat(real.mount.limits().maxBackground()).isEqualTo(48);
      assertThat(real.mount.limits().congestionThreshold()).isEqualTo(36);
      real.mount.limits().maxInFlight(1);
      assertThat(Files.readString(real.path("file"))).isEqualTo("text");
      assertThat(real.mount.metrics().gauges().limit().now()).isEqualTo(1);
    }
  }

  /** Keeps the READs of a file called never. */
  private static final class Keeping extends StressFiles {
    final Queue<DataReply> kept = new ConcurrentLinkedQueue<>();

    @Override
    public void read(Read.Request request, DataReply reply) {
      if (request.nodeId() == named("never").ino()) {
        kept.add(reply.later());
      } else {
        super.read(request, reply);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void theHardDeadlineEndsOneCallerAlone(Dispatch dispatch) throws Exception {
    Keeping fileSystem = new Keeping();
    fileSystem.put("never", "never");
    fileSystem.put("good", "good");
    Duration deadline = Duration.ofMillis(800);
    try (Logs logs = Logs.caught();
        StressMount real =
            StressMount.mount(
                fileSystem, StressMount.options(dispatch).directIo().hardDeadline(deadline))) {
      long begin = System.nanoTime();
      Client stuck = real.start("cat", real.path("never").toString());
      while (stuck.isAlive()) {
        assertThat(Files.readString(real.path("good"))).isEqualTo("good");
      }
      assertThat(stuck.await(StressMount.PATIENCE)).isEqualTo(1);
      assertThat(stuck.rest()).contains("timed out");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(deadline);
      real.awaitCounter(Counter.DEADLINE_HARD, 1);
      assertThat(real.mount.metrics().errors()).containsEntry("ETIMEDOUT", 1L);
      Waiting.until(
          () -> logs.messages().stream().anyMatch(line -> line.contains("ETIMEDOUT")),
          () -> logs.messages().toString());
      assertThat(fileSystem.kept.remove().data(new byte[1])).isFalse();
      real.assertConserved();
    }
  }

  @ParameterizedTest
  @MethodSource("narrow")
  void unmountAndCloseEndInTimeWhileTheGateIsClosed(Dispatch dispatch) throws Exception {
    Keeping fileSystem = new Keeping();
    fileSystem.put("never", "never");
    Duration step = Duration.ofSeconds(1);
    try (Logs logs = Logs.caught();
        StressMount real =
            StressMount.mount(
                fileSystem,
                StressMount.options(dispatch)
                    .directIo()
                    .maxInFlight(NARROW)
                    .parkingSlots(1)
                    .closeTimeout(step))) {
      List<Client> clients = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        clients.add(real.start("cat", real.path("never").toString()));
      }
      Waiting.until( // one place is for metadata: one READ runs, one waits, one is parked
          () -> real.mount.metrics().gauges().queuedTotal() >= NARROW,
          () -> real.mount.metrics().gauges().toString());
      long begin = System.nanoTime();
      assertThatThrownBy(() -> real.mount.unmount()).hasMessageContaining("busy");
      real.mount.close();
      Duration took = Duration.ofNanos(System.nanoTime() - begin);
      System.out.printf("%s: unmount and close past the gate: %d ms%n", dispatch, took.toMillis());
      assertThat(took).isLessThan(step.multipliedBy(5));
      for (Client client : clients) {
        assertThat(client.await(StressMount.PATIENCE)).isNotZero();
      }
      assertThat(logs.messages()).isNotEmpty();
    }
  }
}
