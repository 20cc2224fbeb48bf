package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.session.MountOptions;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes a setting that cannot be is told what to write instead. */
@Timeout(30)
class BadSettingsTest {
  private static Arguments bad(String message, Consumer<MountOptions> setting) {
    return Arguments.of(message, setting);
  }

  static Stream<Arguments> settings() {
    return Stream.of(
        bad("workers is negative: -1; write 0 for inline, or 2 to 1024", o -> o.workers(-1)),
        bad("write at most 1024, or use virtual threads", o -> o.workers(1025)),
        bad("max_in_flight is 0; write 1 or more", o -> o.maxInFlight(0)),
        bad("max_in_flight is negative: -3; write 1 or more", o -> o.maxInFlight(-3)),
        bad("soft_in_flight is 0; write 1 or more", o -> o.softInFlight(0)),
        bad("max_in_flight_bytes is 0; write 1 or more", o -> o.maxInFlightBytes(0)),
        bad("soft_in_flight_bytes is 0; write 1 or more", o -> o.softInFlightBytes(0)),
        bad("parking_slots is 0; write 1 or more", o -> o.parkingSlots(0)),
        bad("max_waiting is -1: write 0 or more", o -> o.maxWaiting(-1)),
        bad(
            "soft_in_flight (9) is above max_in_flight (8): write at most 8",
            o -> o.maxInFlight(8).softInFlight(9)),
        bad(
            "soft_in_flight_bytes (11) is above max_in_flight_bytes (10): write at most 10",
            o -> o.maxInFlightBytes(10).softInFlightBytes(11)),
        bad(
            "max_in_flight (3) is below workers (4), so that some could never run:"
                + " write max_in_flight=4 or more",
            o -> o.workers(4).maxInFlight(3)),
        bad(
            "write workers=2 or more, or dispatch=virtual or hybrid",
            o -> o.dispatch(Dispatch.inline()).ordering(Ordering.NODES)),
        bad("interrupt_grace is PT-1S: write 0 or more", o -> o.interruptGrace(seconds(-1))),
        bad(
            "interrupt_grace is PT-2S: write 0 or more",
            o -> o.interruptGrace(Opcode.READ, seconds(-2))),
        bad("soft_deadline is PT0S: write more than 0", o -> o.softDeadline(seconds(0))),
        bad("hard_deadline is PT0S: write more than 0", o -> o.hardDeadline(seconds(0))),
        bad("inline_limit is PT0S: write more than 0", o -> o.inlineLimit(seconds(0))),
        bad(
            "soft_deadline (3000 ms) is above hard_deadline (2000 ms):"
                + " write the smaller one as soft_deadline",
            o -> o.softDeadline(seconds(3)).hardDeadline(seconds(2))));
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("settings")
  void aBadSettingFailsWithWhatToWrite(String message, Consumer<MountOptions> setting) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> {
              try (ManualSession session =
                  new ManualSession(
                      new ScriptedFileSystem(),
                      options -> {
                        setting.accept(options);
                        return options;
                      })) {
                assertThat(session.mount).as("must not be served").isNull();
              }
            })
        .withMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dispatch=fast|unknown dispatch \"fast\": write inline, virtual, hybrid or workers=N",
        "order=files|unknown order \"files\": write none, nodes or nodes_and_names",
        "class_weights=data:1|unknown class \"data\": write metadata, foreground or background",
        "class_weights=metadata|the weight of class metadata needs a number from 1 to 1000: write metadata:4",
        "class_weights=metadata:0|needs a number from 1 to 1000: write metadata:4",
        "workers=many|the mount option workers needs a number, not \"many\"",
        "max_in_flight=0|max_in_flight is 0; write 1 or more",
        "adaptive_limit=2|needs a number from 4 to 65536, not 2",
      })
  void aBadOptionInTextFailsWithWhatToWrite(String optionAndMessage) {
    String[] parts = optionAndMessage.split("\\|", -1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MountOptions.create().option(parts[0]))
        .withMessageContaining(parts[1]);
  }
}
