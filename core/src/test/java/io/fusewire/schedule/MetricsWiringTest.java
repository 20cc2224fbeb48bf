package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fusewire.Logs;
import io.fusewire.dispatch.Dispatch;
import io.fusewire.metrics.Counter;
import io.fusewire.metrics.MetricsSnapshot;
import io.fusewire.metrics.OpcodeMetrics;
import io.fusewire.metrics.RequestTracer;
import io.fusewire.metrics.SessionMetrics;
import io.fusewire.raw.Execution;
import io.fusewire.transport.memory.Requests;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What happens to requests is in the metrics, exactly and once, wherever handlers run. */
@Timeout(30)
class MetricsWiringTest {
  private final ScriptedFileSystem files = new ScriptedFileSystem();

  static Stream<Dispatch> modes() {
    return Stream.of(Dispatch.inline(), Dispatch.workers(2), Dispatch.virtual(), Dispatch.hybrid());
  }

  private static OpcodeMetrics of(ManualSession session, Opcode opcode) {
    return Objects.requireNonNull(session.mount.metrics().opcode(opcode));
  }

  @ParameterizedTest
  @MethodSource("modes")
  void answersAreCountedByOpcodeAndErrorsByErrno(Dispatch dispatch) throws Exception {
    files.handle(
        (request, reply) -> {
          if (request.nodeId() == 3) {
            ScriptedFileSystem.good(reply);
          } else {
            reply.error(request.nodeId() == 4 ? Errno.ENOENT : Errno.ENOSPC);
          }
        });
    try (ManualSession session = new ManualSession(files, o -> o.dispatch(dispatch))) {
      for (int i = 0; i < 40; i++) {
        session.send(Requests.getattr(3));
        session.send(Requests.lookup(4, "a"));
        session.send(Requests.write(5, 0, 0, new byte[100]));
        session.run();
      }
      session.send(Requests.getattr(4));
      session.run();
      assertThat(session.answers()).hasSize(121);
      MetricsSnapshot metrics = session.mount.metrics();
      assertThat(metrics.count()).isEqualTo(121);
      assertThat(of(session, Opcode.GETATTR).count()).isEqualTo(41);
      assertThat(of(session, Opcode.GETATTR).errors()).isEqualTo(1);
      assertThat(of(session, Opcode.LOOKUP).count()).isEqualTo(40);
      assertThat(of(session, Opcode.WRITE).bytes().in()).isEqualTo(40L * (40 + 40 + 100));
      assertThat(metrics.errors()).containsExactly(entry("ENOENT", 41L), entry("ENOSPC", 40L));
      assertThat(metrics.gauges().inFlight()).isZero();
      assertThat(metrics.gauges().inFlightBytes()).isZero();
      assertThat(metrics.gauges().running()).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("modes")
  void everySpanBeginsAndEndsOnce(Dispatch dispatch) throws Exception {
    List<String> spans = new ArrayList<>();
    RequestTracer tracer =
        new RequestTracer() {
          @Override
          public Object begin(int opcode, long unique, long nodeId, int uid, int pid) {
            spans.add("begin " + Opcode.describe(opcode) + " " + nodeId + " " + pid);
            return nodeId;
          }

          @Override
          public void end(Object span, int errno) {
            spans.add("end " + span + " " + errno);
          }
        };
    files.handle((request, reply) -> reply.error(Errno.EACCES));
    try (ManualSession session =
        new ManualSession(files, o -> o.dispatch(dispatch).tracer(tracer))) {
      session.send(Requests.getattr(3));
      session.run();
      session.send(Requests.lookup(4, "a"));
      session.run();
      assertThat(spans)
          .containsExactly("begin GETATTR 3 4711", "end 3 13", "begin LOOKUP 4 4711", "end 4 13");
      assertThat(session.answers()).hasSize(2);
    }
  }

  @Test
  void theTimeInTheQueueAndTheTimeInTheHandlerAreToldApart() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(1))) {
      long first = session.send(Requests.getattr(3));
      long second = session.send(Requests.getattr(3));
      session.run();
      session.pass(Duration.ofMillis(200));
      files.answer(first);
      session.run();
      session.pass(Duration.ofMillis(50));
      files.answer(second);
      OpcodeMetrics.Times times = of(session, Opcode.GETATTR).times();
      assertThat(times.queue().max()).isCloseTo(200_000_000, withinTenPercent());
      assertThat(times.service().max()).isCloseTo(200_000_000, withinTenPercent());
      assertThat(times.total().max()).isCloseTo(250_000_000, withinTenPercent());
      assertThat(session.answers()).hasSize(2);
    }
  }

  private static org.assertj.core.data.Percentage withinTenPercent() {
    return org.assertj.core.data.Percentage.withPercentage(10);
  }

  @Test
  void whatWaitsIsSeenByItsClassAndTheOldestByItsAge() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(1))) {
      session.send(Requests.getattr(3));
      session.send(Requests.getattr(3));
      session.send(Requests.read(3, 0, 0, 1));
      session.pass(Duration.ofSeconds(2));
      assertThat(session.mount.metrics().gauges().queued())
          .containsEntry("metadata", 1L)
          .containsEntry("foreground", 1L);
      assertThat(session.mount.metrics().gauges().oldestQueuedNanos()).isEqualTo(2_000_000_000);
      assertThat(session.mount.metrics().gauges().limit().now()).isEqualTo(1);
      files.answerAtOnce();
      session.run();
      assertThat(session.mount.metrics().gauges().queuedTotal()).isZero();
      assertThat(session.mount.metrics().counter(Counter.GATE_CLOSED)).isEqualTo(1);
      session.answers();
    }
  }

  @Test
  void aReplyThatNobodyWaitedForIsCountedAndTakenBack() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      long lookup = session.send(Requests.lookup(1, "a"));
      session.run();
      assertThat(session.transport.abandon(lookup)).isTrue();
      assertThat(files.answer(lookup)).isFalse();
      assertThat(files.takenBack).containsExactly("FORGET 42 1");
      assertThat(session.mount.metrics().counter(Counter.REPLY_UNWANTED)).isEqualTo(1);
    }
  }

  @Test
  void aLineIsLoggedAsOftenAsWished() throws Exception {
    files.answerAtOnce();
    try (Logs logs = Logs.caught();
        ManualSession session =
            new ManualSession(files, o -> o.logMetrics(Duration.ofSeconds(10)))) {
      session.pass(Duration.ZERO);
      for (int i = 0; i < 40; i++) {
        session.send(Requests.getattr(3));
        session.run();
      }
      session.pass(Duration.ofSeconds(9));
      assertThat(logs.messages()).isEmpty();
      session.pass(Duration.ofSeconds(1));
      assertThat(logs.messages()).singleElement().asString().contains("manual-", ": 4 ops/s");
      session.pass(Duration.ofSeconds(1));
      assertThat(logs.messages()).hasSize(1);
      session.answers();
    }
  }

  /** A recording wants the times of all inline requests; the histograms keep to their sample. */
  @Test
  void aRecordingGivesNoRequestMoreWeight() throws Exception {
    ScriptedFileSystem inline = new ScriptedFileSystem(Execution.INLINE);
    inline.handle((request, reply) -> reply.error(Errno.ENOENT));
    try (Recording recording = new Recording();
        ManualSession session = new ManualSession(inline)) {
      recording.enable("io.fusewire.Request");
      recording.start();
      for (int i = 0; i < SessionMetrics.SAMPLE_EVERY; i++) {
        session.send(Requests.lookup(1, "name"));
      }
      recording.stop();
      assertThat(session.answers()).hasSize(SessionMetrics.SAMPLE_EVERY);
      OpcodeMetrics lookups = of(session, Opcode.LOOKUP);
      assertThat(lookups.count()).isEqualTo(SessionMetrics.SAMPLE_EVERY);
      assertThat(lookups.times().total().count()).isEqualTo(SessionMetrics.SAMPLE_EVERY);
    }
  }

  @Test
  void aRequestWithoutAnAnswerIsCountedToo() throws Exception {
    ScriptedFileSystem inline = new ScriptedFileSystem(Execution.INLINE);
    try (ManualSession session = new ManualSession(inline)) {
      session.interrupt(1000);
      assertThat(of(session, Opcode.INTERRUPT).count()).isEqualTo(1);
      assertThat(session.answers()).isEmpty();
    }
  }
}
