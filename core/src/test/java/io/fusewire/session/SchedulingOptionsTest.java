package io.fusewire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.dispatch.ClassSettings.Share;
import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.raw.Execution;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.schedule.ScheduleSettings;
import io.fusewire.schedule.ScheduleSettings.Limits;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The mount options that say how requests run, as text, up to the settings of the scheduler. */
@Timeout(10)
class SchedulingOptionsTest {
  private static ScheduleSettings settings(String text) {
    return MountOptions.create().option(text).schedule(null, null);
  }

  /** One option reaches one setting. */
  private static Arguments effect(
      String text, Function<ScheduleSettings, @Nullable Object> setting, Object expected) {
    return Arguments.of(text, setting, expected);
  }

  static Stream<Arguments> effects() {
    return Stream.of(
        effect("dispatch=inline", ScheduleSettings::dispatch, Dispatch.inline()),
        effect("dispatch=virtual", ScheduleSettings::dispatch, Dispatch.virtual()),
        effect("workers=3,dispatch=hybrid", ScheduleSettings::dispatch, Dispatch.hybrid()),
        effect("workers=0", ScheduleSettings::dispatch, Dispatch.inline()),
        effect("workers=1", ScheduleSettings::dispatch, Dispatch.inline()),
        effect("workers=2", ScheduleSettings::dispatch, Dispatch.workers(2)),
        effect("max_in_flight=1", each -> each.limits().requests(), 1),
        effect("max_in_flight=1048576", each -> each.limits().requests(), 1 << 20),
        effect("max_in_flight=100", each -> each.limits().requestsSoft(), 75),
        effect("max_in_flight=9,soft_in_flight=9", each -> each.limits().requestsSoft(), 9),
        effect("max_in_flight_mib=3", each -> each.limits().bytes(), 3L << 20),
        effect("max_in_flight_mib=4", each -> each.limits().bytesSoft(), 3L << 20),
        effect("max_in_flight_mib=4096", each -> each.limits().bytes(), 4L << 30),
        effect("parking_slots=7", each -> each.limits().parkingSlots(), 7),
        effect("max_waiting=0", each -> each.limits().waiting(), 0),
        effect("order=none", ScheduleSettings::ordering, Ordering.NONE),
        effect("order=nodes", ScheduleSettings::ordering, Ordering.NODES),
        effect("order=nodes_and_names", ScheduleSettings::ordering, Ordering.NODES_AND_NAMES),
        effect("class_weights=metadata:3", each -> each.classes().metadata().weight(), 3),
        effect("class_weights=metadata:3", each -> each.classes().foreground().weight(), 4),
        effect(
            "class_weights=background:1000/foreground:2",
            each -> each.classes().background(),
            new Share(1000, Duration.ofMillis(500))),
        effect("adaptive_limit=64", ScheduleSettings::adaptive, AdaptiveLimit.between(4, 64)),
        effect("interrupt_grace=0", each -> each.times().grace().usual(), Duration.ZERO),
        effect(
            "interrupt_grace=250",
            each -> each.times().grace().of(Opcode.READ),
            Duration.ofMillis(250)),
        effect("soft_deadline=20", each -> each.times().soft(), Duration.ofMillis(20)),
        effect("hard_deadline=30", each -> each.times().hard(), Duration.ofMillis(30)));
  }

  @ParameterizedTest
  @MethodSource("effects")
  void everyOptionReachesItsSetting(
      String text, Function<ScheduleSettings, @Nullable Object> setting, Object expected) {
    assertThat(setting.apply(settings(text))).isEqualTo(expected);
  }

  @Test
  void withoutOptionsTheDefaultsHold() {
    assertThat(settings("")).isEqualTo(ScheduleSettings.DEFAULT);
    assertThat(settings("max_in_flight=1024").limits()).isEqualTo(Limits.DEFAULT);
  }

  @Test
  void figuresForTheLogAreAskedForInSeconds() {
    assertThat(MountOptions.create().option("log_metrics=5").metricsInterval)
        .isEqualTo(Duration.ofSeconds(5));
    assertThatThrownBy(() -> MountOptions.create().logMetrics(Duration.ZERO))
        .hasMessageContainingAll("log_metrics", "more than 0");
  }

  /** What is wrong is said, and what to write instead. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "workers=-1 | workers is negative: -1; write 0 for inline, or 2 to 1024",
        "workers=1025 | workers is 1025: write at most 1024, or use virtual threads",
        "workers=8,max_in_flight=7 | write max_in_flight=8 or more",
        "dispatch=fast | unknown dispatch \"fast\": write inline, virtual, hybrid or workers=N",
        "max_in_flight=0 | max_in_flight is 0; write 1 or more",
        "max_in_flight=-5 | max_in_flight is negative: -5; write 1 or more",
        "max_in_flight=1048577 | max_in_flight (1048577) is above",
        "soft_in_flight=0 | soft_in_flight is 0; write 1 or more",
        "max_in_flight=10,soft_in_flight=11 | soft_in_flight (11) is above max_in_flight (10): write at most 10",
        "max_in_flight_mib=0 | max_in_flight_mib needs a number from 1 on, not 0",
        "max_in_flight_mib=-1 | max_in_flight_mib needs a number from 1 on, not -1",
        "parking_slots=0 | parking_slots is 0; write 1 or more",
        "max_waiting=-1 | max_waiting is -1: write 0 or more",
        "order=name | unknown order \"name\": write none, nodes or nodes_and_names",
        "order=nodes,workers=1 | write workers=2 or more, or dispatch=virtual or hybrid",
        "order=nodes,dispatch=inline | order needs handlers that can wait for their turn",
        "class_weights=meta:1 | unknown class \"meta\": write metadata, foreground or background",
        "class_weights=control:1 | unknown class \"control\"",
        "class_weights=metadata | class metadata needs a number from 1 to 1000: write metadata:4",
        "class_weights=metadata:0 | class metadata needs a number from 1 to 1000",
        "class_weights=metadata:1001 | class metadata needs a number from 1 to 1000",
        "class_weights=metadata:x | class metadata needs a number from 1 to 1000",
        "adaptive_limit=3 | adaptive_limit needs a number from 4 to 65536, not 3",
        "adaptive_limit=65537 | adaptive_limit needs a number from 4 to 65536, not 65537",
        "interrupt_grace=-1 | interrupt_grace needs a number from 0 on, not -1",
        "soft_deadline=0 | soft_deadline needs a number from 1 on, not 0",
        "hard_deadline=0 | hard_deadline needs a number from 1 on, not 0",
        "hard_deadline=1s | hard_deadline needs a number, not \"1s\"",
        "soft_deadline=2000,hard_deadline=1000 | soft_deadline (2000 ms) is above hard_deadline (1000 ms)",
        "log_metrics=0 | log_metrics needs a number from 1 on, not 0",
      })
  void whatDoesNotGoTogetherIsRefused(String text, String message) {
    assertThatThrownBy(() -> settings(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void softDeadlineMayBeAsLateAsTheHardOne() {
    assertThat(settings("soft_deadline=50,hard_deadline=50").times().soft())
        .isEqualTo(Duration.ofMillis(50));
  }

  @Test
  void handlersInSystemCallsDoNotGoOnVirtualThreads() {
    RawFileSystem blocking =
        new RawFileSystem() {
          @Override
          public Execution execution(Opcode opcode) {
            return Execution.PLATFORM;
          }
        };
    assertThatThrownBy(() -> settings("dispatch=virtual").needsPlatformThreads(blocking))
        .hasMessageContaining("write workers=8 or dispatch=hybrid");
    assertThat(settings("dispatch=hybrid").needsPlatformThreads(blocking)).isTrue();
    assertThat(settings("dispatch=inline").needsPlatformThreads(blocking)).isFalse();
  }
}
