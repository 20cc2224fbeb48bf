package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fusewire.Logs;
import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.metrics.Counter;
import io.fusewire.metrics.GaugeValues;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.schedule.ManualSession;
import io.fusewire.schedule.ScriptedFileSystem;
import io.fusewire.transport.memory.Frames;
import io.fusewire.transport.memory.Message;
import io.fusewire.transport.memory.RequestFrame;
import io.fusewire.transport.memory.Requests;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The seed's defects in how requests share threads and places, request by request. */
@Timeout(60)
class DispatchRegressionTest {
  private static final int LOCK_WRITE = 1;
  private static final int UNLOCK = 2;

  private final ScriptedFileSystem files = new ScriptedFileSystem();

  static Stream<Dispatch> modesThatQueue() {
    return Stream.of(Dispatch.workers(2), Dispatch.virtual(), Dispatch.hybrid());
  }

  /** Reads block their thread until the test allows them to end. */
  private static final class Blocking implements RawFileSystem {
    final Semaphore started = new Semaphore(0);
    final CountDownLatch permission = new CountDownLatch(1);
    final AtomicInteger inside = new AtomicInteger();
    final AtomicInteger most = new AtomicInteger();
    final AtomicInteger destroyed = new AtomicInteger();

    @Override
    public void read(Read.Request request, DataReply reply) {
      most.accumulateAndGet(inside.incrementAndGet(), Math::max);
      started.release();
      try {
        permission.await();
        inside.decrementAndGet();
        reply.endOfFile();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("mount is closed");
      }
    }

    @Override
    public void destroy() {
      destroyed.incrementAndGet();
    }
  }

  /** R20, R23: forgets and interrupts reach their target although every place is taken. */
  @ParameterizedTest
  @MethodSource("modesThatQueue")
  void r20_r23_interruptsAndForgetsArriveAlthoughAllPlacesAreTaken(Dispatch dispatch)
      throws Exception {
    try (ManualSession session =
        new ManualSession(files, o -> o.dispatch(dispatch).maxInFlight(2).parkingSlots(2))) {
      long first = session.send(Requests.getattr(3));
      long second = session.send(Requests.getattr(3));
      long parked = session.send(Requests.getattr(3));
      session.run();
      assertThat(files.waiting()).containsExactly(first, second);
      List<String> calls = new ArrayList<>();
      files.kept(second).onCancel(() -> calls.add("hook"));
      session.interrupt(second);
      session.send(RequestFrame.of(Opcode.FORGET).node(9).set("nlookup", 3));
      session.run();
      assertThat(calls).containsExactly("hook");
      assertThat(files.takenBack).containsExactly("FORGET 9 3");
      files.kept(second).error(Errno.EINTR);
      session.run();
      files.answerAllBut(second);
      assertThat(session.answers())
          .containsOnly(entry(first, 0), entry(second, Errno.EINTR), entry(parked, 0));
    }
  }

  /** R26: two locks that wait take no place from the unlock that ends one of them. */
  @ParameterizedTest
  @MethodSource("modesThatQueue")
  void r26_anUnlockIsServedAlthoughLocksWait(Dispatch dispatch) throws Exception {
    try (ManualSession session =
        new ManualSession(files, o -> o.dispatch(dispatch).maxInFlight(2))) {
      long first = session.send(Requests.lock(3, 0, 1, LOCK_WRITE, true));
      long second = session.send(Requests.lock(3, 0, 2, LOCK_WRITE, true));
      long third = session.send(Requests.lock(3, 0, 3, LOCK_WRITE, true));
      long unlock = session.send(Requests.lock(3, 0, 9, UNLOCK, false));
      session.run();
      assertThat(files.waiting()).containsExactly(first, second, third, unlock);
      files.answer(unlock);
      files.answerAll();
      assertThat(session.answers()).hasSize(4);
    }
  }

  /** R26: so it is with a handler that finds out only while it runs. */
  @ParameterizedTest
  @MethodSource("modesThatQueue")
  void r26_aWriterIsServedAlthoughItsReadersWait(Dispatch dispatch) throws Exception {
    try (ManualSession session =
        new ManualSession(files, o -> o.dispatch(dispatch).maxInFlight(2))) {
      long first = session.send(Requests.getattr(3));
      long second = session.send(Requests.getattr(3));
      long write = session.send(Requests.write(3, 0, 0, new byte[1]));
      session.run();
      assertThat(files.waiting()).containsExactly(first, second);
      assertThat(files.kept(first).waits()).isTrue();
      assertThat(files.kept(second).waits()).isTrue();
      session.run();
      assertThat(files.waiting()).containsExactly(first, second, write);
      files.answer(write);
      files.answerAll();
      assertThat(session.answers()).hasSize(3);
    }
  }

  /** R27: closing ends within its limits although every place is taken by a blocked request. */
  @ParameterizedTest
  @EnumSource(
      value = Mode.class,
      names = {"VIRTUAL", "WORKERS"})
  void r27_closingEndsAlthoughAllPlacesAreTaken(Mode mode) throws Exception {
    Blocking blocking = new Blocking();
    Duration step = Duration.ofMillis(100);
    try (Logs logs = Logs.caught();
        InMemory session =
            InMemory.serve(
                mode.layer(blocking), mode.options().maxInFlight(8).closeTimeout(step))) {
      for (int i = 0; i < 10; i++) {
        session.transport.deliver(Frames.read(4 + 2L * i, 1));
      }
      // All 8 may run but those that the classes leave to metadata and fsync.
      blocking.started.acquire(6);
      long begin = System.nanoTime();
      session.mount.close();
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(step.multipliedBy(50));
      assertThat(blocking.destroyed).hasValue(1);
      assertThat(logs.messages()).anyMatch(line -> line.contains("still run"));
      blocking.permission.countDown();
      Awaitility.await().until(() -> session.transport.slotsInUse() == 0);
      assertThat(blocking.most).hasValue(6);
    }
  }

  /** R28: n workers run n handlers, never one more, and the metrics say so. */
  @Test
  void r28_workersRunAsManyHandlersAsThereAre() throws Exception {
    Blocking blocking = new Blocking();
    int requests = 12;
    try (InMemory session =
        InMemory.serve(blocking, Mode.WORKERS.options().workers(3).maxInFlight(100))) {
      for (int i = 0; i < requests; i++) {
        session.transport.deliver(Frames.read(4 + 2L * i, 1));
      }
      blocking.started.acquire(3);
      GaugeValues gauges = session.mount.metrics().gauges();
      assertThat(gauges.running()).isEqualTo(3);
      assertThat(gauges.queuedTotal()).isEqualTo(requests - 3L);
      assertThat(gauges.inFlight()).isEqualTo(requests);
      blocking.permission.countDown();
      session.awaitIdle();
      assertThat(blocking.most).hasValue(3);
      assertThat(session.mount.metrics().count()).isEqualTo(requests);
    }
  }

  /** R29: a full queue stops the reader, and the reader goes on when there is room. */
  @ParameterizedTest
  @MethodSource("modesThatQueue")
  void r29_aFullQueueStopsTheReaderAndItGoesOn(Dispatch dispatch) throws Exception {
    try (ManualSession session =
        new ManualSession(files, o -> o.dispatch(dispatch).maxInFlight(2).parkingSlots(3))) {
      int sent = 0;
      while (session.trySend(Requests.getattr(3)) != 0) {
        sent++;
      }
      session.run();
      assertThat(sent).isEqualTo(5);
      files.answer(files.waiting().getFirst());
      assertThat(session.transport.isReadable()).isTrue();
      assertThat(session.mount.metrics().counter(Counter.READING_STOPPED)).isEqualTo(1);
      assertThat(session.trySend(Requests.getattr(3))).isNotZero();
      session.run();
      while (!files.waiting().isEmpty()) {
        files.answerAll();
        session.run();
      }
      assertThat(session.answers()).hasSize(6);
    }
  }

  /** R30: place and bytes of a request are its own until its answer is written. */
  @ParameterizedTest
  @MethodSource("modesThatQueue")
  void r30_aPlaceIsHeldUntilTheAnswerIsWritten(Dispatch dispatch) throws Exception {
    try (ManualSession session =
        new ManualSession(files, o -> o.dispatch(dispatch).maxInFlight(2))) {
      int bytes = 40 + 40 + 5_000;
      long read = session.send(Requests.read(3, 0, 0, 5_000));
      session.run();
      assertThat(session.mount.metrics().gauges().inFlight()).isEqualTo(1);
      assertThat(session.mount.metrics().gauges().inFlightBytes()).isEqualTo(bytes);
      assertThat(session.mount.metrics().gauges().running()).isEqualTo(1);
      files.answer(read);
      assertThat(session.answers()).containsExactly(entry(read, 0));
      assertThat(session.mount.metrics().gauges().inFlight()).isZero();
      assertThat(session.mount.metrics().gauges().inFlightBytes()).isZero();
      assertThat(session.mount.metrics().gauges().running()).isZero();
    }
  }

  /** R32: what changes a node runs in the order in which it came; another node is not delayed. */
  @ParameterizedTest
  @MethodSource("modesThatQueue")
  void r32_changesOfANodeKeepTheirOrder(Dispatch dispatch) throws Exception {
    try (ManualSession session =
        new ManualSession(files, o -> o.dispatch(dispatch).ordering(Ordering.NODES))) {
      long first = session.send(Requests.write(3, 0, 0, new byte[1]));
      long second = session.send(Requests.write(3, 0, 0, new byte[1]));
      long third = session.send(Requests.setattr(3, 0));
      long other = session.send(Requests.write(4, 0, 0, new byte[1]));
      session.run();
      assertThat(files.waiting()).containsExactly(first, other);
      files.answer(other);
      for (long next : List.of(first, second, third)) {
        assertThat(files.waiting()).containsExactly(next);
        files.answer(next);
        session.run();
      }
      assertThat(session.answers().keySet()).containsExactly(other, first, second, third);
    }
  }

  /** R34, R86: handlers that block delay nobody else, however they run. */
  @ParameterizedTest
  @EnumSource(value = Mode.class, mode = EnumSource.Mode.EXCLUDE, names = "INLINE")
  void r34_r86_blockedHandlersDelayNobody(Mode mode) throws Exception {
    Blocking blocking = new Blocking();
    try (InMemory session = InMemory.serve(blocking, mode)) {
      session.transport.deliver(Frames.read(4, 1));
      session.transport.deliver(Frames.read(6, 1));
      blocking.started.acquire(2);
      for (int i = 0; i < 100; i++) {
        Message answer = session.ask(Frames.frame(Opcode.STATFS, 8 + 2L * i, 0));
        assertThat(answer.unique()).isEqualTo(8 + 2L * i);
      }
      blocking.permission.countDown();
      session.awaitIdle();
    }
  }
}
