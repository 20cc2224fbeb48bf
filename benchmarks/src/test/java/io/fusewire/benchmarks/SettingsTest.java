package io.fusewire.benchmarks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(20)
class SettingsTest {
  private static Settings parse(String... arguments) {
    return requireNonNull(Settings.parse(arguments));
  }

  @Test
  void theDefaultCoversTheGoalsOfThePublishedTable() {
    Settings settings = parse();
    assertThat(settings.rounds * settings.rows).isGreaterThanOrEqualTo(30);
    assertThat(settings.points)
        .hasSize(18)
        .contains(new Point("stat", 1), new Point("open-close", 32), new Point("write1m", 8));
    assertThat(settings.variants).isEqualTo(Variant.ofTheFloor());
  }

  @Test
  void optionsOverrideQuick() {
    Settings settings =
        parse(
            "--quick",
            "--rounds",
            "2",
            "--rows",
            "4",
            "--points",
            "stat:8,read1m:1",
            "--floor-only");
    assertThat(settings.rounds).isEqualTo(2);
    assertThat(settings.rows).isEqualTo(4);
    assertThat(settings.points).containsExactly(new Point("stat", 8), new Point("read1m", 1));
    assertThat(settings.variants).doesNotContain(Variant.FUSEWIRE);
  }

  @Test
  void peersBringTheirOwnDefaultsWhereverTheOptionStands() {
    Settings settings =
        parse("--rows", "2", "--without", "jfuse", "--without", "fuser-1", "--peers");
    assertThat(settings.rounds).isGreaterThanOrEqualTo(5);
    assertThat(settings.rows).isEqualTo(2);
    assertThat(settings.variants)
        .contains(Variant.FUSEWIRE, Peers.OUR_RING, Peers.RING, Peers.FUSER_2, Peers.JNR)
        .doesNotContain(Peers.JFUSE, Peers.JFUSE_SHIPPED, Peers.FUSER_1);
  }

  @Test
  void onlyWhatIsNamedRuns() {
    assertThat(parse("--peers", "--only", "c,fusewire-ring").variants)
        .containsExactly(
            Variant.ONE_READER, Variant.TWO_READERS, Variant.READING_DUTY, Peers.OUR_RING);
  }

  @Test
  void helpIsNoRun() {
    assertThat(Settings.parse(new String[] {"--rounds", "3", "--help"})).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--unknown 1",
        "--rounds",
        "--rounds x",
        "--points stat",
        "--points :1",
        "--without x",
        "--only x"
      })
  void whatIsWrongIsRefused(String commandLine) {
    assertThatThrownBy(() -> Settings.parse(commandLine.split(" ", -1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
