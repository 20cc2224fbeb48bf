package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.Logs;
import io.fusewire.metrics.Counter;
import io.fusewire.transport.memory.RequestFrame;
import io.fusewire.transport.memory.Requests;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Handlers that hang for ever, one after the other, until there is no slot left for another. */
@Timeout(30)
class HangingHandlersTest {
  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /** Many times the slots of a mount for one request. */
  private static final int MANY = 60;

  private final ScriptedFileSystem files = new ScriptedFileSystem();

  private ManualSession small() throws Exception {
    return new ManualSession(
        files, o -> o.maxInFlight(1).parkingSlots(1).maxWaiting(0).hardDeadline(DEADLINE));
  }

  /** Sends one after the other; each is answered by its handler, or in its place. */
  private List<Integer> errors(ManualSession session, int count) {
    List<Integer> errors = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      assertThat(session.trySend(Requests.getattr(3))).as("number %d was read", i).isNotZero();
      session.run();
      session.pass(Duration.ZERO);
      session.pass(DEADLINE);
      errors.addAll(session.answers().values());
    }
    return errors;
  }

  @Test
  void whenTooManyHangOthersAreRefusedAndControlIsServed() throws Exception {
    try (Logs logs = Logs.caught();
        ManualSession session = small()) {
      List<Integer> errors = errors(session, MANY);
      assertThat(errors).hasSize(MANY).startsWith(Errno.ETIMEDOUT).endsWith(Errno.EIO);
      int hanging = files.waiting().size();
      assertThat(errors.subList(0, hanging)).containsOnly(Errno.ETIMEDOUT);
      assertThat(errors.subList(hanging, MANY)).containsOnly(Errno.EIO);
      assertThat(session.mount.metrics().counter(Counter.OVERRUN)).isEqualTo(MANY - hanging);
      assertThat(logs.messages())
          .filteredOn(each -> each.contains("hang, which were answered in their place"))
          .hasSize(1);

      session.trySend(RequestFrame.of(Opcode.FORGET).node(5).set("nlookup", 2L));
      assertThat(files.takenBack).containsExactly("FORGET 5 2");

      files.answerAll();
      session.pass(Duration.ZERO);
      files.answerAtOnce();
      assertThat(errors(session, 3)).containsOnly(0);
      assertThat(logs.messages()).last().asString().contains("requests are served again");
    }
  }
}
