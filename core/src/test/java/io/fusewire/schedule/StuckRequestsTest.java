package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.InFlightRequest;
import io.fusewire.dispatch.InFlightRequest.Stage;
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
