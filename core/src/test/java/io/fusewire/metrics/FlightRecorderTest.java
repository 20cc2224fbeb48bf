package io.fusewire.metrics;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events are in recordings that want them, and in no other. */
@Timeout(120)
class FlightRecorderTest {
  @TempDir Path folder;

  private List<RecordedEvent> recorded(Runnable work, String... wanted) throws IOException {
    Path file = folder.resolve("events.jfr");
    try (Recording recording = new Recording()) {
      for (String name : wanted) {
        recording.enable(name);
      }
      recording.start();
      work.run();
      recording.stop();
      recording.dump(file);
    }
    return RecordingFile.readAllEvents(file).stream()
        .filter(event -> event.getEventType().getName().startsWith("io.fusewire."))
        .toList();
  }

  private static void request() {
    RequestEvent event = requireNonNull(RequestEvent.start());
    event
        .request(Opcode.READ.number(), 42, 7, 1234)
        .times(1000, 2_000_000)
        .answer(Errno.EIO, 80, 16)
        .commit();
  }

  @Test
  void aRequestIsRecordedWithAllThatIsKnownOfIt() throws IOException {
    List<RecordedEvent> events = recorded(FlightRecorderTest::request, RequestEvent.NAME);
    assertThat(events).hasSize(1);
    RecordedEvent event = events.getFirst();
    assertThat(event.getEventType().getName()).isEqualTo("io.fusewire.Request");
    assertThat(event.getString("opcode")).isEqualTo("READ");
    assertThat(event.getLong("unique")).isEqualTo(42);
    assertThat(event.getLong("node")).isEqualTo(7);
    assertThat(event.getInt("pid")).isEqualTo(1234);
    assertThat(event.getDuration("queueTime")).isEqualTo(Duration.ofNanos(1000));
    assertThat(event.getDuration("serviceTime")).isEqualTo(Duration.ofMillis(2));
    assertThat(event.getInt("errno")).isEqualTo(Errno.EIO);
    assertThat(event.getLong("bytesIn")).isEqualTo(80);
    assertThat(event.getLong("bytesOut")).isEqualTo(16);
    assertThat(event.getStackTrace()).isNull();
  }

  @Test
  void aClosedGateIsRecorded() throws IOException {
    List<RecordedEvent> events = recorded(() -> GateEvent.emit(5000, 17, 16), GateEvent.NAME);
    assertThat(events).hasSize(1);
    RecordedEvent event = events.getFirst();
    assertThat(event.getEventType().getName()).isEqualTo("io.fusewire.Gate");
    assertThat(event.getDuration("closedTime")).isEqualTo(Duration.ofNanos(5000));
    assertThat(event.getLong("inFlight")).isEqualTo(17);
    assertThat(event.getLong("limit")).isEqualTo(16);
  }

  @Test
  void aRecordingThatDoesNotAskGetsNone() throws IOException {
    assertThat(RequestEvent.enabled()).isFalse();
    List<RecordedEvent> events =
        recorded(
            () -> {
              assertThat(RequestEvent.enabled()).isFalse();
              assertThat(RequestEvent.start()).isNull();
              GateEvent.emit(5000, 17, 16);
            });
    assertThat(events).isEmpty();
  }

  @Test
  void oneEventCanBeWantedWithoutTheOther() throws IOException {
    List<RecordedEvent> events =
        recorded(
            () -> {
              request();
              GateEvent.emit(5000, 17, 16);
            },
            RequestEvent.NAME);
    assertThat(events)
        .extracting(event -> event.getEventType().getName())
        .containsExactly(RequestEvent.NAME);
    assertThat(RequestEvent.enabled()).isFalse();
  }
}
