package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fusewire.metrics.Counter;
import io.fusewire.metrics.GaugeValues;
import io.fusewire.raw.Execution;
import io.fusewire.transport.memory.RequestFrame;
import io.fusewire.transport.memory.Requests;
import io.fusewire.wire.flag.WriteFlags;
import io.fusewire.wire.struct.InHeader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How much may be in flight, and what happens to what is too much. */
@Timeout(30)
class GateTest {
  private static final int LIMIT = 4;
  private static final int BUDGET = 100_000;
  private static final int MORE_THAN_HALF = 50_000;

  private final ScriptedFileSystem files = new ScriptedFileSystem();

  private static GaugeValues gauges(ManualSession session) {
    return session.mount.metrics().gauges();
  }

  private static long closed(ManualSession session) {
    return session.mount.metrics().counter(Counter.GATE_CLOSED);
  }

  private static List<Long> send(ManualSession session, int count) {
    List<Long> sent = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      sent.add(session.send(Requests.getattr(3L + i)));
    }
    session.run();
    return sent;
  }

  /** A write that the kernel makes on its own, of its cache. */
  private static RequestFrame writeback(long node, int bytes) {
    return Requests.write(node, 0, 0, new byte[bytes]).set("write_flags", WriteFlags.CACHE);
  }

  @Test
  void oneBelowTheLimitTheGateIsOpen() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(LIMIT))) {
      List<Long> sent = send(session, LIMIT - 1);
      assertThat(files.waiting()).isEqualTo(sent);
      files.answerAll();
      assertThat(closed(session)).isZero();
    }
  }

  @Test
  void atTheLimitAllRunAndTheGateIsClosedUntilOneIsAnswered() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(LIMIT))) {
      List<Long> sent = send(session, LIMIT);
      assertThat(files.waiting()).isEqualTo(sent);
      assertThat(gauges(session).parked()).isZero();
      session.pass(Duration.ofMillis(3));
      files.answer(sent.getFirst());
      assertThat(closed(session)).isEqualTo(1);
      assertThat(session.mount.metrics().counter(Counter.GATE_CLOSED_NANOS)).isEqualTo(3_000_000);
      files.answerAll();
      assertThat(closed(session)).isEqualTo(1);
    }
  }

  @Test
  void oneAboveTheLimitIsParkedAndStartsWithTheNextAnswer() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(LIMIT))) {
      List<Long> sent = send(session, LIMIT + 1);
      assertThat(files.waiting()).isEqualTo(sent.subList(0, LIMIT));
      assertThat(gauges(session).inFlight()).isEqualTo(LIMIT);
      assertThat(gauges(session).parked()).isEqualTo(1);
      assertThat(session.transport.isReadable()).isTrue();
      files.answer(sent.getFirst());
      session.run();
      assertThat(files.waiting()).isEqualTo(sent.subList(1, LIMIT + 1));
      assertThat(gauges(session).parked()).isZero();
      files.answerAll();
      assertThat(session.answers()).hasSize(LIMIT + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"LESS", "SAME", "MORE"})
  void bytesCloseTheGateAtTheirLimit(Fill fill) throws Exception {
    int frame = InHeader.SIZE + 40;
    int half = 10_000;
    try (ManualSession session =
        new ManualSession(files, o -> o.maxInFlightBytes(2L * half + fill.limit))) {
      session.send(Requests.read(3, 0, 0, half - frame));
      session.send(Requests.read(3, 0, 0, half - frame));
      session.run();
      assertThat(gauges(session).inFlightBytes()).isEqualTo(2L * half);
      long third = session.send(Requests.getattr(3));
      assertThat(gauges(session).parked()).isEqualTo(fill.parked);
      session.run();
      files.answerAll();
      session.run();
      files.answerAll();
      assertThat(session.answers()).hasSize(3).containsKey(third);
    }
  }

  /** How two reads fill the budget of bytes, and how many requests are parked behind them. */
  enum Fill {
    LESS(1, 0),
    SAME(0, 1),
    MORE(-1, 1);

    private final int limit;
    private final int parked;

    Fill(int limit, int parked) {
      this.limit = limit;
      this.parked = parked;
    }
  }

  @Test
  void fromTheSoftLimitOnBackgroundDataWaitsBesideOthersThatWait() throws Exception {
    try (ManualSession session =
        new ManualSession(files, o -> o.maxInFlight(20).softInFlight(2).maxInFlightBytes(BUDGET))) {
      long large = session.send(Requests.read(3, 0, 0, MORE_THAN_HALF));
      long stat = session.send(Requests.getattr(4));
      long tooLarge = session.send(Requests.read(5, 0, 0, MORE_THAN_HALF));
      long background = session.send(writeback(6, 1));
      long otherStat = session.send(Requests.getattr(7));
      long sync = session.send(Requests.fsync(8, 0));
      session.run();
      assertThat(files.waiting()).containsExactly(large, stat, otherStat, sync);
      files.answer(otherStat);
      files.answer(sync);
      session.run();
      assertThat(files.waiting()).as("two run, as many as softInFlight").hasSize(2);
      files.answer(stat);
      session.run();
      assertThat(files.waiting()).containsExactly(large, background);
      files.answerAll();
      session.run();
      assertThat(files.waiting()).containsExactly(tooLarge);
      files.answerAll();
      assertThat(session.answers()).hasSize(6);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {40_000, 75_000})
  void fromTheSoftLimitOfBytesOnItWaitsToo(int soft) throws Exception {
    try (ManualSession session =
        new ManualSession(files, o -> o.maxInFlightBytes(BUDGET).softInFlightBytes(soft))) {
      long large = session.send(Requests.read(3, 0, 0, MORE_THAN_HALF));
      long tooLarge = session.send(Requests.read(4, 0, 0, MORE_THAN_HALF));
      long background = session.send(writeback(5, 1));
      session.run();
      boolean waits = soft < MORE_THAN_HALF;
      assertThat(files.waiting()).isEqualTo(waits ? List.of(large) : List.of(large, background));
      files.answer(large);
      session.run();
      assertThat(files.waiting()).as("alone it may").hasSize(2).contains(tooLarge, background);
      files.answerAll();
      assertThat(session.answers()).hasSize(3);
    }
  }

  @Test
  void backgroundDataMayUseWhatNobodyElseWaitsFor() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(20).softInFlight(2))) {
      List<Long> sent = send(session, 3);
      sent.add(session.send(writeback(8, 1)));
      session.run();
      assertThat(files.waiting()).isEqualTo(sent);
      files.answerAll();
      assertThat(session.answers()).hasSize(4);
    }
  }

  @Test
  void whatParksIsReadUpToTheParkingSlotsThenNothingUntilAnAnswer() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(1).parkingSlots(2))) {
      List<Long> sent = send(session, 3);
      assertThat(session.transport.isReadable()).isFalse();
      assertThat(session.trySend(Requests.getattr(9))).isZero();
      session.pass(Duration.ofMillis(5));
      files.answer(sent.getFirst());
      assertThat(session.transport.isReadable()).isTrue();
      assertThat(session.mount.metrics().counter(Counter.READING_STOPPED)).isEqualTo(1);
      assertThat(session.mount.metrics().counter(Counter.READING_STOPPED_NANOS))
          .isEqualTo(5_000_000);
      session.run();
      files.answerAll();
      session.run();
      files.answerAll();
      assertThat(session.answers()).hasSize(3);
    }
  }

  @Test
  void inlineHandlersThatAnswerLaterCountAndMakeTheNextOnesWait() throws Exception {
    ScriptedFileSystem inline = new ScriptedFileSystem(Execution.INLINE);
    try (ManualSession session = new ManualSession(inline, o -> o.maxInFlight(2))) {
      long first = session.send(Requests.getattr(3));
      long second = session.send(Requests.getattr(3));
      assertThat(gauges(session).inFlight()).isEqualTo(2);
      session.send(Requests.getattr(4));
      session.run();
      assertThat(inline.waiting()).containsExactly(first, second);
      inline.answer(first);
      session.run();
      assertThat(inline.waiting()).hasSize(2).contains(second);
      inline.answerAll();
      assertThat(session.answers()).hasSize(3);
    }
  }

  @Test
  void anInlineHandlerThatSaysItWaitsBeforeItAnswersLaterHoldsNoPlace() throws Exception {
    ScriptedFileSystem inline = new ScriptedFileSystem(Execution.INLINE);
    inline.handle(
        (request, reply) -> {
          assertThat(reply.waits()).isEqualTo(request.nodeId() != 4);
          inline.keep(request, reply);
        });
    try (ManualSession session = new ManualSession(inline, o -> o.maxInFlight(1).maxWaiting(1))) {
      long first = session.send(Requests.getattr(3));
      long second = session.send(Requests.getattr(4)); // too many wait: this one takes the place
      session.send(Requests.getattr(5));
      session.run();
      assertThat(inline.waiting()).containsExactly(first, second);
      assertThat(gauges(session).running()).isEqualTo(2);
      inline.answerAll();
      session.run();
      inline.answerAll();
      assertThat(session.answers()).hasSize(3);
      assertThat(gauges(session).running()).isZero();
    }
  }

  @Test
  void aRequestThatWaitsByDesignTakesNoPlaceUpToAsManyAsMayWait() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(1).maxWaiting(1))) {
      long first = session.send(Requests.lock(3, 0, 1, 1, true));
      long second = session.send(Requests.lock(3, 0, 2, 1, true));
      long third = session.send(Requests.getattr(3));
      session.run();
      assertThat(files.waiting()).containsExactly(first, second);
      files.answer(second);
      session.run();
      assertThat(files.waiting()).containsExactly(first, third);
      files.answerAll();
      assertThat(session.answers())
          .containsExactly(entry(second, 0), entry(first, 0), entry(third, 0));
    }
  }
}
