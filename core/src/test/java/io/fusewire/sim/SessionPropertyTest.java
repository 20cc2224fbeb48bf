package io.fusewire.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whole sessions from seeds. A failure names the seed; {@code mvn -pl core test
 * -Dtest=SessionPropertyTest -Dfusewire.seed=N} plays that session alone, and {@code
 * -Dfusewire.seeds=100000} plays more of them.
 */
class SessionPropertyTest {
  private static final int SEEDS = Integer.getInteger("fusewire.seeds", 1000);

  private static LongStream seeds() {
    Long one = Long.getLong("fusewire.seed");
    return one == null ? LongStream.range(0, SEEDS) : LongStream.of(one);
  }

  private static String play(Scenario scenario) {
    try {
      return SimSession.play(scenario);
    } catch (Throwable failure) {
      throw new AssertionError(
          "with -Dfusewire.seed=" + scenario.seed() + ": " + scenario, failure);
    }
  }

  @Test
  @Timeout(3600)
  void everySessionKeepsTheRules() {
    seeds().forEach(seed -> play(Scenario.of(seed)));
  }

  @Test
  @Timeout(60)
  void aSeedRepeatsTheWholeSession() {
    seeds()
        .limit(25)
        .forEach(seed -> assertThat(play(Scenario.of(seed))).isEqualTo(play(Scenario.of(seed))));
  }

  @Test
  @Timeout(120)
  void aThousandCpusShareFewSlots() {
    seeds().limit(2).forEach(seed -> play(Scenario.manyCpus(seed, 1024, 64)));
  }
}
