package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.dispatch.ClassSettings;
import io.fusewire.raw.RequestClass;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What users may set, and what they are told when they set something else. */
class SettingsTest {
  @Test
  void theUsualAdaptiveLimitIsForAStoreAcrossANetwork() {
    assertThat(AdaptiveLimit.DEFAULT).isEqualTo(new AdaptiveLimit(16, 4, 1024));
    KneeLimiter limiter = new KneeLimiter(AdaptiveLimit.DEFAULT);
    assertThat(limiter.limit()).isEqualTo(16);
    assertThat(limiter.minimum()).isEqualTo(4);
    assertThat(limiter.maximum()).isEqualTo(1024);
  }

  @Test
  void boundsAloneBeginWithTheUsualOrTheNearest() {
    assertThat(AdaptiveLimit.between(1, 8)).isEqualTo(new AdaptiveLimit(8, 1, 8));
    assertThat(AdaptiveLimit.between(32, 64)).isEqualTo(new AdaptiveLimit(32, 32, 64));
    assertThat(AdaptiveLimit.between(2, 64)).isEqualTo(new AdaptiveLimit(16, 2, 64));
    assertThat(AdaptiveLimit.between(2, 64).startingAt(50)).isEqualTo(new AdaptiveLimit(50, 2, 64));
  }

  @Test
  void aWrongLimitSaysWhatToWrite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveLimit.between(0, 8))
        .withMessage("minimum is 0: give 1 or more, 4 suits most stores");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveLimit.between(8, 7))
        .withMessage("maximum is 7: give 8 (the minimum) to 65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveLimit.between(8, 65537))
        .withMessageContaining("to 65536");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveLimit.between(8, 16).startingAt(17))
        .withMessage("initial is 17: give 8 (the minimum) to 16 (the maximum)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AdaptiveLimit.between(8, 16).startingAt(7))
        .withMessage("initial is 7: give 8 (the minimum) to 16 (the maximum)");
  }

  @Test
  void aFixedLimitStaysWhatItIs() {
    FixedLimiter limiter = new FixedLimiter(7);
    limiter.completed(1, 7);
    limiter.throttled(2, Long.MAX_VALUE);
    assertThat(limiter.limit()).isEqualTo(7);
    assertThat(limiter.minimum()).isEqualTo(7);
    assertThat(limiter.maximum()).isEqualTo(7);
    assertThatIllegalArgumentException().isThrownBy(() -> new FixedLimiter(0));
  }

  @Test
  void sharesAreCheckedAndControlHasNone() {
    assertThat(ClassSettings.DEFAULT.of(RequestClass.BACKGROUND).weight()).isEqualTo(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClassSettings.Share(0, Duration.ofMillis(1)))
        .withMessage("weight is 0: give 1 to 1000, larger for more");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClassSettings.Share(1001, Duration.ofMillis(1)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClassSettings.Share(1, Duration.ZERO))
        .withMessage("target is PT0S: give more than nothing and at most PT1H");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ClassSettings.Share(1, Duration.ofHours(2)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClassSettings.DEFAULT.of(RequestClass.CONTROL));
  }
}
