package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Negotiation;
import io.fusewire.session.MountOptions;
import io.fusewire.transport.memory.Requests;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each mode runs handlers where it says. */
@Timeout(30)
class SchedulerModesTest {
  private static boolean runsOnTheReadingThread(Dispatch dispatch, Execution declared)
      throws Exception {
    ScriptedFileSystem files = new ScriptedFileSystem(declared);
    files.answerAtOnce();
    try (ManualSession session = new ManualSession(files, o -> o.dispatch(dispatch))) {
      session.send(Requests.getattr(3));
      boolean inline = session.tasks() == 0;
      assertThat(session.answers()).hasSize(inline ? 1 : 0);
      session.run();
      assertThat(files.started).containsExactly("GETATTR 3");
      session.answers();
      return inline;
    }
  }

  @ParameterizedTest
  @CsvSource({"INLINE", "VIRTUAL", "PLATFORM"})
  void inlineRunsEverythingOnTheReadingThread(Execution declared) throws Exception {
    assertThat(runsOnTheReadingThread(Dispatch.inline(), declared)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"INLINE", "VIRTUAL"})
  void virtualRunsNothingOnTheReadingThread(Execution declared) throws Exception {
    assertThat(runsOnTheReadingThread(Dispatch.virtual(), declared)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"INLINE", "VIRTUAL", "PLATFORM"})
  void workersRunWhateverIsDeclared(Execution declared) throws Exception {
    assertThat(runsOnTheReadingThread(Dispatch.workers(2), declared)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"INLINE, true", "VIRTUAL, false", "PLATFORM, false"})
  void hybridRunsWhereTheFileSystemDeclares(Execution declared, boolean inline) throws Exception {
    assertThat(runsOnTheReadingThread(Dispatch.hybrid(), declared)).isEqualTo(inline);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void noWorkersAndOneAreInline(int workers) throws Exception {
    assertThat(Dispatch.workers(workers)).isEqualTo(Dispatch.inline());
    assertThat(runsOnTheReadingThread(Dispatch.workers(workers), Execution.VIRTUAL)).isTrue();
  }

  @Test
  void aNegativeNumberOfWorkersFails() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MountOptions.create().workers(-1))
        .withMessage("workers is negative: -1; write 0 for inline, or 2 to 1024");
  }

  @Test
  void systemCallsOnVirtualThreadsFailWithAWayOut() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> runsOnTheReadingThread(Dispatch.virtual(), Execution.PLATFORM))
        .withMessageContaining("is declared PLATFORM")
        .withMessageEndingWith("write workers=8 or dispatch=hybrid");
  }

  @Test
  void workersRunAsManyHandlersAsThereAreAndTheNextOnesInTurn() throws Exception {
    ScriptedFileSystem files = new ScriptedFileSystem();
    try (ManualSession session = new ManualSession(files, o -> o.workers(2))) {
      int[] inside = new int[1];
      int[] most = new int[1];
      files.handle(
          (request, reply) -> {
            inside[0]++;
            most[0] = Math.max(most[0], inside[0]);
            session.runOne(); // as another thread would, while this one is busy
            inside[0]--;
            ScriptedFileSystem.good(reply);
          });
      for (int i = 0; i < 5; i++) {
        session.send(Requests.getattr(3));
      }
      assertThat(session.tasks()).isEqualTo(2);
      assertThat(session.mount.metrics().gauges().queuedTotal()).isEqualTo(3);
      session.run();
      assertThat(most[0]).isEqualTo(2);
      assertThat(session.answers()).hasSize(5);
    }
  }

  @Test
  void theFileSystemsInitLowersWorkersAndLimit() throws Exception {
    ScriptedFileSystem files =
        new ScriptedFileSystem() {
          @Override
          public void init(Negotiation negotiation) {
            negotiation.lowerWorkers(2).lowerMaxInFlight(3);
            negotiation.lowerWorkers(100).lowerMaxInFlight(100); // never up again
          }
        };
    try (ManualSession session = new ManualSession(files, o -> o.workers(8).maxInFlight(64))) {
      assertThat(session.mount.limits().maxInFlight()).isEqualTo(3);
      for (int i = 0; i < 5; i++) {
        session.send(Requests.getattr(3));
      }
      assertThat(session.tasks()).isEqualTo(2);
      assertThat(session.mount.metrics().gauges().parked()).isEqualTo(2);
      files.answerAtOnce();
      session.run();
      Map<Long, Integer> answers = new TreeMap<>(session.answers());
      assertThat(answers).hasSize(5);
    }
  }

  @Test
  void loweredToOneWorkerHandlersRunInline() throws Exception {
    ScriptedFileSystem files =
        new ScriptedFileSystem() {
          @Override
          public void init(Negotiation negotiation) {
            negotiation.lowerWorkers(1);
          }
        };
    files.answerAtOnce();
    try (ManualSession session = new ManualSession(files, o -> o.workers(8))) {
      session.send(Requests.getattr(3));
      assertThat(session.answers()).hasSize(1);
    }
  }
}
