package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.transport.memory.Requests;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Limits that change while requests are in flight. */
@Timeout(30)
class LiveLimitsTest {
  private final ScriptedFileSystem files = new ScriptedFileSystem();

  private static void send(ManualSession session, int count) {
    for (int i = 0; i < count; i++) {
      session.send(Requests.getattr(3));
    }
    session.run();
  }

  private void answerOne(ManualSession session) {
    files.answer(files.waiting().getFirst());
    session.run();
  }

  @Test
  void aLowerLimitLetsWhatRunsGoOnAndStartsNothingUntilThereIsRoom() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(4))) {
      send(session, 4);
      session.mount.limits().maxInFlight(2);
      send(session, 2);
      assertThat(files.waiting()).hasSize(4);
      answerOne(session);
      answerOne(session);
      assertThat(files.waiting()).hasSize(2);
      answerOne(session);
      assertThat(files.waiting()).hasSize(2);
      answerOne(session);
      answerOne(session);
      answerOne(session);
      assertThat(session.answers()).hasSize(6);
    }
  }

  @Test
  void aHigherLimitStartsWhatWaitsAtOnceAndReadsOn() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.maxInFlight(4).parkingSlots(2))) {
      session.mount.limits().maxInFlight(1);
      send(session, 3);
      assertThat(files.waiting()).hasSize(1);
      assertThat(session.transport.isReadable()).isFalse();
      session.mount.limits().maxInFlight(4);
      assertThat(session.transport.isReadable()).isTrue();
      session.run();
      assertThat(files.waiting()).hasSize(3);
      files.answerAll();
      assertThat(session.answers()).hasSize(3);
    }
  }

  @Test
  void theBudgetOfBytesChangesToo() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      session.mount.limits().maxInFlightBytes(1000);
      assertThat(session.mount.limits().maxInFlightBytes()).isEqualTo(1000);
      List<Long> sent =
          List.of(
              session.send(Requests.read(3, 0, 0, 2000)),
              session.send(Requests.read(3, 0, 0, 2000)));
      session.run();
      assertThat(files.waiting()).containsExactly(sent.getFirst());
      session.mount.limits().maxInFlightBytes(1 << 20);
      session.run();
      assertThat(files.waiting()).isEqualTo(sent);
      files.answerAll();
      assertThat(session.answers()).hasSize(2);
    }
  }

  @Test
  void theSoftLimitsStayTheSamePartOfTheHardOnes() throws Exception {
    try (ManualSession session =
        new ManualSession(
            files,
            o ->
                o.maxInFlight(100)
                    .softInFlight(50)
                    .maxInFlightBytes(1000)
                    .softInFlightBytes(900))) {
      session.mount.limits().maxInFlight(10);
      session.mount.limits().maxInFlightBytes(10_000);
      assertThat(session.mount.limits().softInFlight()).isEqualTo(5);
      assertThat(session.mount.limits().softInFlightBytes()).isEqualTo(9000);
      session.mount.limits().maxInFlight(1);
      session.mount.limits().maxInFlightBytes(1);
      assertThat(session.mount.limits().softInFlight()).isEqualTo(1);
      assertThat(session.mount.limits().softInFlightBytes()).isEqualTo(1);
      session.mount.limits().maxInFlight(100);
      session.mount.limits().maxInFlightBytes(1000);
      assertThat(session.mount.limits().softInFlight()).isEqualTo(50);
      assertThat(session.mount.limits().softInFlightBytes()).isEqualTo(900);
    }
  }

  @Test
  void limitsOutsideWhatItWasMountedWithFail() throws Exception {
    try (ManualSession session = new ManualSession(files, o -> o.workers(3).maxInFlight(8))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> session.mount.limits().maxInFlight(2))
          .withMessage("max_in_flight is 2: write 3 to 8, with which it was mounted");
      assertThatIllegalArgumentException().isThrownBy(() -> session.mount.limits().maxInFlight(9));
      assertThatIllegalArgumentException()
          .isThrownBy(() -> session.mount.limits().maxInFlightBytes(0))
          .withMessageContaining("write 1 or more");
      assertThat(session.mount.limits().maxInFlight()).isEqualTo(8);
    }
  }

  @Test
  void withoutAKernelItsLimitsAreNotThere() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      assertThatThrownBy(() -> session.mount.limits().maxBackground(4))
          .isInstanceOf(LinuxException.class)
          .hasMessageContaining("no kernel connection");
    }
  }
}
