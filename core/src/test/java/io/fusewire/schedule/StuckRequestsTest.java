package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.Logs;
import io.fusewire.dispatch.InFlightRequest;
import io.fusewire.dispatch.InFlightRequest.Stage;
import io.fusewire.dispatch.Ordering;
import io.fusewire.metrics.Counter;
import io.fusewire.transport.memory.Requests;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Somebody whose mount hangs sees what hangs, where, and for whom. */
@Timeout(30)
class StuckRequestsTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final int PID = 4711;

  private final ScriptedFileSystem files = new ScriptedFileSystem();

  @Test
  void eachStageIsShownWithOperationNodeCallerAndAgeTheOldestFirst() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(1))) {
      long later = session.send(Requests.read(3, 0, 0, 1));
      session.run();
      session.pass(SECOND);
      long queued = session.send(Requests.getattr(4));
      session.pass(SECOND);
      session.interrupt(queued);
      assertThat(session.mount.inFlight(Duration.ZERO))
          .containsExactly(
              new InFlightRequest(
                  "READ",
                  later,
                  3,
                  PID,
                  commandOf(session, later),
                  SECOND.multipliedBy(2),
                  Stage.ANSWER_LATER,
                  "",
                  false,
                  List.of()),
              new InFlightRequest(
                  "GETATTR",
                  queued,
                  4,
                  PID,
                  commandOf(session, queued),
                  SECOND,
                  Stage.QUEUED,
                  "",
                  true,
                  List.of()));
      assertThat(session.mount.inFlight(SECOND.plusNanos(1)))
          .extracting(InFlightRequest::operation)
          .containsExactly("READ");
      files.answerAll();
      session.run();
      files.answerAll();
      assertThat(session.mount.inFlight(Duration.ZERO)).isEmpty();
      session.answers();
    }
  }

  @Test
  void whoWaitsForTheNodeOfAHandlerThatNeverEndsIsToldForWhom() throws Exception {
    try (Logs logs = Logs.caught();
        ManualSession session =
            new ManualSession(
                files, o -> o.ordering(Ordering.NODES).interruptGrace(Duration.ZERO))) {
      long hangs = session.send(Requests.write(3, 0, 0, new byte[1]));
      session.run();
      session.send(Requests.write(3, 0, 0, new byte[1]));
      String running = "WRITE unique=" + hangs;
      assertThat(session.mount.inFlight(Duration.ZERO))
          .extracting(InFlightRequest::waitsFor)
          .containsExactly("", running);
      assertThat(session.mount.metrics().counter(Counter.KEY_CONFLICT)).isEqualTo(1);
      session.pass(Duration.ZERO);
      session.interrupt(hangs);
      session.pass(Duration.ZERO);
      session.pass(Duration.ofMinutes(1));
      String answered = running + ", which was answered and whose handler hangs";
      assertThat(session.mount.inFlight(Duration.ZERO))
          .extracting(InFlightRequest::waitsFor)
          .containsExactly(answered);
      assertThat(logs.messages())
          .as("reported though nobody has set a soft deadline")
          .singleElement()
          .asString()
          .contains("a request takes long", "waits for " + answered);
      files.answer(hangs);
      session.run();
      files.answerAll();
      assertThat(session.answers()).hasSize(2);
    }
  }

  /** The pid is made up: it may be anybody's on this machine. */
  private static String commandOf(ManualSession session, long unique) {
    return session.mount.inFlight(Duration.ZERO).stream()
        .filter(each -> each.unique() == unique)
        .findFirst()
        .orElseThrow()
        .command();
  }

  @Test
  void aHandlerThatRunsIsShownWithItsStack() throws Exception {
    List<InFlightRequest> seen = new ArrayList<>();
    try (ManualSession session = new ManualSession(files)) {
      files.handle(
          (request, reply) -> {
            session.pass(SECOND);
            seen.addAll(session.mount.inFlight(SECOND));
            ScriptedFileSystem.good(reply);
          });
      session.send(Requests.write(5, 0, 0, new byte[1]));
      session.run();
      assertThat(seen).hasSize(1);
      InFlightRequest request = seen.getFirst();
      assertThat(request.stage()).isEqualTo(Stage.RUNNING);
      assertThat(request.stack())
          .anyMatch(frame -> frame.getClassName().startsWith(StuckRequestsTest.class.getName()));
      assertThat(request.toString())
          .startsWith("WRITE unique=" + request.unique() + " node=5 pid=4711 (")
          .contains("age=1000ms RUNNING\n    at ");
      session.answers();
    }
  }
}
