package io.fusewire.benchmarks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class DataFileTest {
  private static final Point POINT = new Point("stat", 8);
  private static final List<Variant> KNOWN = List.of(Variant.ONE_READER, Variant.FUSEWIRE);

  @TempDir private Path directory;

  private static Sample sample(double rate) {
    return new Sample(new Numbers(Map.of("opsPerSecond", rate)), 12_345_678_901.0, 1, 2, 0.5, 4);
  }

  @Test
  void whatWasWrittenIsThereInTheNextRun() throws IOException {
    Path file = directory.resolve("data");
    DataFile first = DataFile.open(file, new Results(List.of(POINT)), KNOWN);
    first.requests(Variant.FUSEWIRE, "stat", 2.01);
    first.add(POINT, 0, Map.of(Variant.ONE_READER, sample(100), Variant.FUSEWIRE, sample(120.25)));
    first.add(POINT, 1, Map.of(Variant.FUSEWIRE, sample(140)));

    Results results = new Results(List.of(POINT));
    DataFile.open(file, results, KNOWN);
    Results.Rows rows = requireNonNull(results.measured().get(POINT));
    assertThat(results.nextRound()).isEqualTo(2);
    assertThat(results.requests(Variant.FUSEWIRE, POINT)).isEqualTo(2.01);
    assertThat(rows.figures(Variant.FUSEWIRE, Sample::operationsPerSecond))
        .containsExactly(120.25, 140);
    assertThat(rows.figures(Variant.FUSEWIRE, Sample::requests))
        .containsExactly(12_345_678_901.0, 12_345_678_901.0);
    assertThat(rows.having(KNOWN).size()).isEqualTo(1);
  }

  @Test
  void otherServersAndPointsAreLeftOut() throws IOException {
    Path file = directory.resolve("data");
    DataFile first = DataFile.open(file, new Results(List.of(POINT)), KNOWN);
    first.add(POINT, 0, Map.of(Variant.FUSEWIRE, sample(1)));

    Results otherPoint = new Results(List.of(new Point("getattr", 8)));
    DataFile.open(file, otherPoint, KNOWN);
    assertThat(otherPoint.measured()).isEmpty();
    Results otherServers = new Results(List.of(POINT));
    DataFile.open(file, otherServers, List.of(Variant.TWO_READERS));
    assertThat(otherServers.measured()).isEmpty();
  }
}
