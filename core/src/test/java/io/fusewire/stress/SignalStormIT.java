package io.fusewire.stress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.metrics.Counter;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.Read;
import io.fusewire.raw.Reply;
import io.fusewire.wire.Errno;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signals at callers whose requests are not answered, or late. */
@Timeout(600)
class SignalStormIT {
  private static final int CALLERS = 24;
  private static final int OPENERS = 40 * StressMount.TIMES;
  private static final Duration GRACE = Duration.ofMillis(300);

  /** For a loaded machine: what it takes to deliver the signals and to see the processes end. */
  private static final Duration MARGIN = Duration.ofSeconds(3);

  /** Prints the errno of one open and read; SIGINT only interrupts. */
  private static final String READER =
      "$SIG{INT} = sub {}; $| = 1; open(F, '<', $ARGV[0]) and defined sysread(F, $b, 10)"
          + " and print 'read' and exit; print 'errno ' . ($! + 0)";

  @BeforeAll
  static void requireMounts() {
    RealMounts.require();
  }

  private static Stream<Dispatch> dispatches() {
    return StressMount.dispatches();
  }

  /** Never answers a READ of a file called never..., nor a LOOKUP of any name called hang... */
  private static final class NeverAnswering extends StressFiles {
    private static final int BLOCKED_MAX = 2;
    final AtomicInteger asked = new AtomicInteger();
    final CountDownLatch end = new CountDownLatch(1);
    final Queue<Reply> kept = new ConcurrentLinkedQueue<>();
    private final AtomicInteger blocked = new AtomicInteger();

    /**
     * Some hold a thread, so few that workers are left; the others are answered later, or never.
     */
    private void never(Reply reply) {
      asked.incrementAndGet();
      if (blocked.getAndIncrement() >= BLOCKED_MAX) {
        kept.add(reply.later());
        return;
      }
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      reply.error(Errno.EIO);
    }

    @Override
    public void lookup(Lookup.Request request, EntryReply reply) {
      if (request.name().toString().startsWith("hang")) {
        never(reply);
      } else {
        super.lookup(request, reply);
      }
    }

    @Override
    public void read(Read.Request request, DataReply reply) {
      if (request.nodeId() == named("never").ino()) {
        never(reply);
      } else {
        super.read(request, reply);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dispatches")
  void everyCallerOfAnUnansweredRequestEndsAfterASignal(Dispatch dispatch) throws Exception {
    NeverAnswering fileSystem = new NeverAnswering();
    fileSystem.put("never", "never");
    fileSystem.put("good", "good");
    try (StressMount real =
        StressMount.mount(
            fileSystem, StressMount.options(dispatch).directIo().interruptGrace(GRACE))) {
      Duration longest = Duration.ZERO;
      for (int round = 0; round < StressMount.TIMES; round++) {
        Duration took = storm(real, fileSystem, round);
        longest = took.compareTo(longest) > 0 ? took : longest;
      }
      System.out.printf(
          "%s: %d storms at %d callers, all gone after at most %d ms%n",
          dispatch, StressMount.TIMES, CALLERS, longest.toMillis());
      real.awaitCounter(Counter.ABANDONED, (long) CALLERS * StressMount.TIMES);
      assertThat(Files.readString(real.path("good"))).isEqualTo("good");
      fileSystem.end.countDown();
      for (Reply late : fileSystem.kept) {
        assertThat(late.error(Errno.EIO)).isFalse();
      }
      real.assertConserved();
      real.mount.unmount();
    }
  }

  private static Duration storm(StressMount real, NeverAnswering fileSystem, int round)
      throws Exception {
    int before = fileSystem.asked.get();
    List<Client> dying = new ArrayList<>();
    List<Client> killed = new ArrayList<>();
    List<Client> going = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      String path = real.path(i % 2 == 0 ? "never" : "hang" + round + "-" + i).toString();
      if (i % 3 == 2) {
        going.add(real.start("perl", "-e", READER, path));
      } else {
        (i % 3 == 0 ? dying : killed).add(real.start("cat", path));
      }
    }
    Waiting.until(
        () -> fileSystem.asked.get() == before + CALLERS,
        () -> fileSystem.asked.get() - before + " of " + CALLERS + " have come");
    assertThat(Files.readString(real.path("good"))).isEqualTo("good");
    long begin = System.nanoTime();
    Client.signal("INT", dying);
    Client.signal("INT", going);
    Client.signal("KILL", killed);
    List<Client> all = Stream.of(dying, going, killed).flatMap(List::stream).toList();
    for (Client client : all) {
      client.await(GRACE.plus(MARGIN));
    }
    Duration took = Duration.ofNanos(System.nanoTime() - begin);
    assertThat(took).isLessThan(GRACE.plus(MARGIN));
    for (Client client : going) {
      assertThat(client.rest()).isEqualTo("errno " + Errno.EINTR);
    }
    return took;
  }

  /** Answers CREATE and OPEN later, by up to three times the grace. */
  private static final class LateOpening extends StressFiles implements AutoCloseable {
    final AtomicInteger asked = new AtomicInteger();
    final AtomicInteger answers = new AtomicInteger();
    private final ScheduledExecutorService later = Executors.newScheduledThreadPool(1);
    private final Random random;

    LateOpening(long seed) {
      random = new Random(seed);
    }

    private synchronized void later(Runnable answer) {
      asked.incrementAndGet();
      long delay = random.nextLong(GRACE.multipliedBy(3).toNanos());
      Future<?> _ =
          later.schedule(
              () -> {
                answer.run();
                answers.incrementAndGet();
              },
              delay,
              TimeUnit.NANOSECONDS);
    }

    @Override
    public void create(Create.Request request, CreateReply reply) {
      String name = request.name().toString();
      CreateReply late = reply.later();
      later(() -> giveNew(name, late));
    }

    @Override
    public void open(Open.Request request, OpenReply reply) {
      File file = node(request.nodeId());
      OpenReply late = reply.later();
      later(() -> giveOpen(file, late));
    }

    @Override
    public void close() {
      later.shutdownNow();
    }
  }

  @ParameterizedTest
  @MethodSource("dispatches")
  void whatALateOpenGivesToAKilledCallerIsTakenBack(Dispatch dispatch) throws Exception {
    long seed = Long.getLong("fusewire.seed", System.nanoTime());
    System.out.println("fusewire.seed=" + seed);
    Random random = new Random(seed);
    try (LateOpening fileSystem = new LateOpening(seed);
        StressMount real =
            StressMount.mount(fileSystem, StressMount.options(dispatch).interruptGrace(GRACE))) {
      fileSystem.put("there", "there");
      for (int done = 0; done < OPENERS; done += CALLERS) {
        openAndKill(real, random, done);
      }
      Waiting.until(
          () -> fileSystem.answers.get() == fileSystem.asked.get(),
          () -> fileSystem.answers + " of " + fileSystem.asked + " are answered");
      System.out.printf(
          "%s: of %d late opens %d were answered for, %d undone%n",
          dispatch,
          fileSystem.answers.get(),
          real.counter(Counter.ABANDONED),
          real.counter(Counter.LATE_ANSWER_UNDONE));
      assertThat(real.counter(Counter.ABANDONED)).isPositive();
      real.awaitCounter(Counter.ABANDONED, real.counter(Counter.LATE_ANSWER_UNDONE));
      real.assertConserved();
    }
  }

  private static void openAndKill(StressMount real, Random random, int done) throws Exception {
    List<Client> clients = new ArrayList<>();
    for (int i = 0; i < CALLERS; i++) {
      String name = i % 2 == 0 ? "there" : "new" + done + "-" + i;
      String path = real.path(name).toString();
      clients.add(real.start("sh", "-c", "exec 9<>\"$0\"; exec sleep 60", path));
    }
    int split = random.nextInt(1, CALLERS);
    Waiting.slowly(random.nextLong(GRACE.toNanos()));
    Client.signal("KILL", clients.subList(0, split));
    Waiting.slowly(random.nextLong(GRACE.toNanos()));
    Client.signal("KILL", clients.subList(split, CALLERS));
    for (Client client : clients) {
      assertThat(client.await(GRACE.multipliedBy(3).plus(MARGIN))).isNotZero();
    }
  }
}
