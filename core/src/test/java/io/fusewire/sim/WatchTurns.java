package io.fusewire.sim;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.raw.RequestClass;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.Collection;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Sees that nothing starves: a request that is overdue and could start lets at most seven others go
 * first, and each of those before it in its lane as many.
 */
final class WatchTurns {
  /** {@code ClassQueues.OVERDUE_TARGETS} and {@code STARTS_BEFORE_OVERDUE_MAX}. */
  private static final int OVERDUE_TARGETS = 4;

  private static final int OTHERS_MAX = 7;

  private enum Lane {
    METADATA,
    SYNC,
    DATA
  }

  private final Plan plan;
  private final Consumer<String> problems;
  private Function<Opcode, Execution> executions = opcode -> Execution.VIRTUAL;

  WatchTurns(Plan plan, Consumer<String> problems) {
    this.plan = plan;
    this.problems = problems;
  }

  void executions(Function<Opcode, Execution> of) {
    executions = of;
  }

  private static Lane lane(Opcode opcode) {
    Operation operation = Objects.requireNonNull(Operations.of(opcode.number()));
    if (operation.sync()) {
      return Lane.SYNC;
    }
    boolean data = opcode == Opcode.WRITE || opcode == Opcode.READ;
    return data ? Lane.DATA : Lane.METADATA;
  }

  private long overdueNanos(Opcode opcode) {
    Duration data = plan.classes().foreground().target();
    Duration target =
        switch (lane(opcode)) {
          case METADATA -> plan.classes().metadata().target();
          case SYNC -> data;
          case DATA -> {
            Duration background = plan.classes().of(RequestClass.BACKGROUND).target();
            boolean longer = opcode == Opcode.WRITE && background.compareTo(data) > 0;
            yield longer ? background : data;
          }
        };
    return target.multipliedBy(OVERDUE_TARGETS).toNanos();
  }

  /** In hybrid mode there are two queues, of which each has its own threads. */
  private boolean sameQueue(Opcode one, Opcode other) {
    return plan.dispatch().mode() != Dispatch.Mode.HYBRID
        || (executions.apply(one) == Execution.PLATFORM)
            == (executions.apply(other) == Execution.PLATFORM);
  }

  void arrived(Watch.Span span, Collection<Watch.Span> inFlight) {
    span.ahead =
        (int)
            inFlight.stream()
                .filter(each -> !each.started && lane(each.opcode) == lane(span.opcode))
                .count();
  }

  void started(Watch.Span span, Collection<Watch.Span> inFlight, long now) {
    boolean comparable =
        plan.ordering() == Ordering.NONE && plan.block() == 0 && plan.hasMemoryForAll();
    if (!comparable || span.uncounted) {
      return;
    }
    for (Watch.Span other : inFlight) {
      if (!other.started
          && other.number < span.number
          && now - other.begun > overdueNanos(other.opcode)
          && sameQueue(span.opcode, other.opcode)
          && couldHave(other.opcode, span.opcode)) {
        other.overtaken++;
      }
    }
    int most = OTHERS_MAX * (span.ahead + 1) + plan.maxInFlight(); // as many begin at one time
    if (span.overtaken > most) {
      problems.accept(span.overtaken + " later requests began before the overdue " + span);
    }
  }

  /** When this one may start, the waiting one may too: data leaves permits to the others. */
  private static boolean couldHave(Opcode waiting, Opcode starting) {
    return switch (lane(waiting)) {
      case METADATA -> true;
      case SYNC -> lane(starting) != Lane.METADATA;
      case DATA -> lane(starting) == Lane.DATA;
    };
  }
}
