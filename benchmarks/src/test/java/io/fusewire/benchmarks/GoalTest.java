package io.fusewire.benchmarks;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GoalTest {
  private static final Point POINT = new Point("stat", 8);
  private static final List<Variant> OURS = List.of(Variant.FUSEWIRE, Peers.OUR_RING);
  private static final List<Variant> IN_C = List.of(Peers.RING);

  private static Sample sample(double rate, double micros) {
    Map<String, Double> client = Map.of("opsPerSecond", rate, "serverMicrosPerOp", micros);
    return new Sample(new Numbers(client), 0, 0, 0, 0, 0);
  }

  /** Ours on the device, ours on the ring, C on the ring, and jfuse at 100. */
  private static Results.Rows rows(double device, double ring, double inC) {
    Results results = new Results(List.of(POINT));
    for (int round = 0; round < 3; round++) {
      results.add(
          POINT,
          round,
          Map.of(
              Variant.FUSEWIRE, sample(device, 4),
              Peers.OUR_RING, sample(ring, 2),
              Peers.RING, sample(inC, 2),
              Peers.JFUSE, sample(100, 8)));
    }
    return requireNonNull(results.measured().get(POINT));
  }

  private static String verdict(Goal goal, Results.Rows rows) {
    return goal.verdict(goal.outcome(rows, 1).orElseThrow());
  }

  @Test
  void theFasterOfOursCounts() {
    Goal goal = Goal.atLeast("jfuse", 2, OURS, List.of(Peers.JFUSE), IN_C);
    Goal.Outcome outcome = goal.outcome(rows(150, 250, 240), 1).orElseThrow();
    assertThat(outcome.ours()).isEqualTo(Peers.OUR_RING);
    assertThat(outcome.ratio()).isCloseTo(2.5, within(1e-9));
    assertThat(outcome.rawC().orElseThrow()).isCloseTo(2.4, within(1e-9));
    assertThat(goal.verdict(outcome)).isEqualTo("met");
  }

  @Test
  void whereCMissesTheGoalKeepingUpWithItIsEnough() {
    Goal goal = Goal.atLeast("jfuse", 2, OURS, List.of(Peers.JFUSE), IN_C);
    assertThat(verdict(goal, rows(150, 178, 180))).isEqualTo("met: C does not reach it");
    assertThat(verdict(goal, rows(150, 160, 180))).isEqualTo("**missed**");
    assertThat(verdict(goal, rows(150, 190, 210))).isEqualTo("**missed**");
  }

  @Test
  void lessIsBetterForCost() {
    List<Variant> jfuse = List.of(Peers.JFUSE);
    assertThat(verdict(Goal.atMost("cpu", Goal.Figure.CPU, 0.3, OURS, jfuse), rows(1, 2, 3)))
        .isEqualTo("met");
    assertThat(verdict(Goal.atMost("cpu", Goal.Figure.CPU, 0.2, OURS, jfuse), rows(1, 2, 3)))
        .isEqualTo("**missed**");
  }

  @Test
  void withoutOneOfTheTwoThereIsNoOutcome() {
    Goal goal = Goal.atLeast("fuser", 1, OURS, List.of(Peers.FUSER_1), IN_C);
    assertThat(goal.outcome(rows(1, 2, 3), 1)).isEmpty();
  }
}
