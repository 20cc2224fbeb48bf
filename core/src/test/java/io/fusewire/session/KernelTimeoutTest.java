package io.fusewire.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Our deadline comes before the kernel's, which would end the whole mount. */
@Timeout(30)
class KernelTimeoutTest {
  @ParameterizedTest
  @CsvSource({
    "60, 0, 55", // five seconds before
    "0, 60, 55", // the most counts when there is no default
    "90, 60, 55", // and when it is less
    "40, 60, 35",
    "20, 0, 15", // where a quarter is five seconds
    "16, 0, 12", // a quarter before when that is less
  })
  void theDeadlineIsAQuarterButAtMostFiveSecondsBefore(long byDefault, long most, long seconds) {
    assertThat(KernelTimeout.deadline(byDefault, most)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void withoutATimeoutOfTheKernelThereIsNoDeadline() {
    assertThat(KernelTimeout.deadline(0, 0)).isNull();
    assertThat(KernelTimeout.deadline(-1, 0)).isNull();
  }

  @Test
  void theEarlierOfBothDeadlinesCounts() {
    MountOptions none = MountOptions.create();
    MountOptions ten = MountOptions.create().hardDeadline(Duration.ofSeconds(10));
    assertThat(none.schedule(null, null).times().hard()).isNull();
    assertThat(none.schedule(null, Duration.ofSeconds(7)).times().hard()).hasSeconds(7);
    assertThat(ten.schedule(null, null).times().hard()).hasSeconds(10);
    assertThat(ten.schedule(null, Duration.ofSeconds(7)).times().hard()).hasSeconds(7);
    assertThat(ten.schedule(null, Duration.ofSeconds(70)).times().hard()).hasSeconds(10);
  }
}
