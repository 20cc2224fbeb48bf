package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.raw.AttrReply;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Setattr;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.transport.memory.InMemoryTransport;
import io.fusewire.transport.memory.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Many threads at a narrow gate: every request gets through, whoever makes room for it. */
@Timeout(60)
class NoLostWakeupTest {
  private static final int THREADS = 6;
  private static final int EACH = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static Stream<Dispatch> modes() {
    return Stream.of(Dispatch.workers(2), Dispatch.virtual(), Dispatch.hybrid());
  }

  private static final class Yielding implements RawFileSystem {
    private static final FileAttributes ATTRIBUTES = FileAttributes.file(3, 0644, 0);

    private static void answer(long unique, AttrReply reply) {
      if (unique % 3 == 0) {
        Thread.onSpinWait();
      }
      if (unique % 5 == 0) {
        AttrReply later = reply.later();
        Thread.ofVirtual().start(() -> later.attributes(ATTRIBUTES, 0));
      } else {
        reply.attributes(ATTRIBUTES, 0);
      }
    }

    @Override
    public void getattr(Getattr.Request request, AttrReply reply) {
      answer(request.unique(), reply);
    }

    @Override
    public void setattr(Setattr.Request request, AttrReply reply) {
      answer(request.unique(), reply);
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void everyRequestIsAnsweredAtAGateThatIsAlmostAlwaysClosed(Dispatch dispatch) throws Exception {
    long seed = System.nanoTime();
    InMemoryTransport transport = new InMemoryTransport();
    transport.deliver(ManualSession.init());
    MountOptions options =
        MountOptions.create()
            .dispatch(dispatch)
            .maxInFlight(2)
            .parkingSlots(3)
            .ordering(Ordering.NODES)
            .noShutdownHook();
    try (Mount mount = Fusewire.serve(new Yielding(), transport, options)) {
      Objects.requireNonNull(transport.poll());
      AtomicLong numbers = new AtomicLong(1);
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        SplittableRandom random = new SplittableRandom(seed + i);
        callers.add(Thread.ofPlatform().start(() -> call(transport, numbers, random)));
      }
      for (int i = 0; i < THREADS * EACH; i++) {
        assertThat(transport.poll(PATIENCE)).as("answer %d, seed %d", i, seed).isNotNull();
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertThat(transport.poll()).isNull();
      // An answer can be taken before the thread that wrote it has counted it.
      Awaitility.await().atMost(PATIENCE).until(() -> transport.slotsInUse() == 0);
      assertThat(mount.metrics().count()).isEqualTo((long) THREADS * EACH);
      assertThat(mount.metrics().gauges().inFlight()).isZero();
      assertThat(mount.metrics().gauges().parked()).isZero();
      assertThat(transport.violations()).isEmpty();
    }
  }

  private static void call(InMemoryTransport transport, AtomicLong numbers, SplittableRandom from) {
    for (int i = 0; i < EACH; i++) {
      long node = 3L + from.nextInt(2);
      long unique = 2 * numbers.incrementAndGet();
      boolean change = from.nextInt(4) == 0;
      transport.deliver(
          (change ? Requests.setattr(node, 0) : Requests.getattr(node)).bytes(unique, 0));
    }
  }
}
