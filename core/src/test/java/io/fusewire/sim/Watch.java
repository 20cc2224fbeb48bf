package io.fusewire.sim;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.metrics.RequestTracer;
import io.fusewire.raw.Execution;
import io.fusewire.raw.RawRequest;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Follows every request of a {@link SimSession} from its arrival over its handler to its answer,
 * and notes what must not happen: limits, interrupts, deadlines, and (in {@link WatchOrder}) the
 * order of nodes.
 */
final class Watch implements RequestTracer {
  /** A request. */
  static final class Span {
    final Opcode opcode;
    final long unique;
    final long number;
    final long begun;
    boolean started;
    boolean ended;
    boolean owed; // answered, and its handler is still to run
    boolean done; // its handler has nothing more to do
    boolean uncounted;
    boolean exempt;
    boolean platform;
    long interrupted = NEVER;
    boolean handlerEnds;
    int ahead; // in its lane when it came
    int overtaken; // by later ones that began when it was overdue

    private Span(Opcode opcode, long unique, long number, long begun) {
      this.opcode = opcode;
      this.unique = unique;
      this.number = number;
      this.begun = begun;
    }

    @Override
    public String toString() {
      return opcode + " unique=" + unique + " (arrival " + number + ", at " + begun + " ns)";
    }
  }

  private static final long NEVER = -1;
  private static final int PROBLEMS_MAX = 20;

  private final Plan plan;
  private final LongSupplier clock;
  private final WatchOrder order;
  private final Map<Long, Span> all = new HashMap<>();
  private final Map<Long, Span> inFlight = new LinkedHashMap<>();
  private final List<String> problems = new ArrayList<>();
  private LongConsumer onEnd = unique -> {};
  private long numbers;
  private final WatchTurns turns;
  private int most;
  private int cap;
  private int onThreads;
  private int owed;
  private int refused;

  Watch(Plan plan, LongSupplier clock) {
    this.plan = plan;
    this.clock = clock;
    this.order = new WatchOrder(plan.ordering() == Ordering.NODES_AND_NAMES, this::problem);
    this.turns = new WatchTurns(plan, this::problem);
    this.cap = plan.maxInFlight();
  }

  /** Has this called with the id of each request that was answered. */
  void onEnd(LongConsumer action) {
    onEnd = action;
  }

  List<String> problems() {
    return problems;
  }

  private long grace(Span span) {
    return plan.stops().graceNanos(span.opcode);
  }

  private void problem(String what) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add("at " + clock.getAsLong() + " ns: " + what);
    }
  }

  /** The most requests that were in flight at one time. */
  int most() {
    return most;
  }

  /** Says where the handlers of each opcode run. */
  void executions(Function<Opcode, Execution> of) {
    turns.executions(of);
  }

  /** Releases that were answered in their handlers' place and whose handlers are still to run. */
  int owed() {
    return owed;
  }

  /** Releases that were refused; only where more handlers hang than may be. */
  int refused() {
    return refused;
  }

  int inFlight() {
    return inFlight.size();
  }

  // ---- from the library --------------------------------------------------------------------

  @Override
  public @Nullable Object begin(int number, long unique, long nodeId, int uid, int pid) {
    Opcode opcode = Opcode.of(number);
    if (opcode == null || opcode.hasNoReply()) {
      return null;
    }
    Span span = new Span(opcode, unique, numbers++, clock.getAsLong());
    if (all.put(unique, span) != null) {
      problem("began twice: " + span);
    }
    turns.arrived(span, inFlight.values());
    inFlight.put(unique, span);
    most = Math.max(most, inFlight.size());
    return span;
  }

  @Override
  public void end(Object object, int errno) {
    Span span = (Span) object;
    if (span.ended) {
      problem("answered twice: " + span);
    }
    span.ended = true;
    inFlight.remove(span.unique);
    long now = clock.getAsLong();
    if (errno == Errno.EINTR && !span.handlerEnds) {
      boolean isDue = span.interrupted != NEVER && now - span.interrupted >= grace(span);
      if (!isDue) {
        problem("EINTR without an interrupt, or too early: " + span);
      }
    }
    if (errno == Errno.ETIMEDOUT
        && (plan.hardNanos() == 0 || now - span.begun < plan.hardNanos())) {
      problem("ETIMEDOUT without a deadline, or too early: " + span);
    }
    if (!span.started && (span.opcode == Opcode.RELEASE || span.opcode == Opcode.RELEASEDIR)) {
      if (errno == Errno.EIO) {
        refused++; // too many handlers hang
      } else {
        span.owed = true;
        owed++;
      }
    }
    onEnd.accept(span.unique);
  }

  // ---- from the handlers -------------------------------------------------------------------

  /** Its handler begins. */
  Span started(RawRequest request, boolean inline) {
    Span span = all.get(request.unique());
    if (span == null) {
      problem("the handler of a request began that nobody saw: " + request);
      return new Span(Opcode.GETATTR, request.unique(), numbers++, clock.getAsLong());
    }
    if (span.owed) {
      span.owed = false;
      owed--;
    } else if (span.started || span.ended) {
      problem("the handler of an answered request began: " + span);
    }
    span.started = true;
    boolean ordered = plan.ordering() != Ordering.NONE;
    span.uncounted = inline && !ordered;
    turns.started(span, inFlight.values(), clock.getAsLong());
    if (ordered) {
      order.started(span, request);
    }
    boolean mayWait = span.opcode == Opcode.SETLKW;
    span.exempt = mayWait && plan.maxWaiting() > 0;
    checkRunning();
    span.platform = plan.dispatch().mode() == Dispatch.Mode.WORKERS && !mayWait;
    return span;
  }

  /** Its handler has a thread, or gives it back. */
  void onThread(Span span, boolean has) {
    if (span.platform) {
      onThreads += has ? 1 : -1;
      if (onThreads > plan.dispatch().workers()) {
        problem(onThreads + " handlers run on " + plan.dispatch().workers() + " workers");
      }
    }
  }

  /** It holds a place from now on, whatever it did before. */
  void detached(Span span) {
    span.uncounted = false;
    checkRunning();
  }

  void exempt(Span span) {
    span.exempt = true;
  }

  private void checkRunning() {
    if (!plan.isGated()) {
      return;
    }
    long running =
        inFlight.values().stream()
            .filter(each -> each.started && !each.exempt && !each.uncounted)
            .count();
    if (running > cap) {
      problem(running + " requests run, where " + cap + " may");
    }
  }

  /** The handler has nothing more to do but to answer. */
  void done(Span span) {
    span.done = true;
  }

  /** The handler itself is going to answer EINTR. */
  void handlerEnds(long unique) {
    Span span = all.get(unique);
    if (span != null) {
      span.handlerEnds = true;
    }
  }

  boolean isEnded(long unique) {
    Span span = all.get(unique);
    return span != null && span.ended;
  }

  /** An INTERRUPT was read. */
  void interrupted(long unique) {
    Span span = inFlight.get(unique);
    if (span != null && span.interrupted == NEVER) {
      span.interrupted = clock.getAsLong();
    }
  }

  // ---- from the session --------------------------------------------------------------------

  /** The limit changes while so many run. */
  void limit(int now, long running) {
    cap = (int) Math.max(now, Math.min(cap, running));
  }

  int cap() {
    return cap;
  }

  /** The watchdog has looked: nobody may be over their time by more than what it can miss. */
  void ticked() {
    long now = clock.getAsLong();
    long slack = 2 * plan.tickNanos(); // seen a round after it came, ended a round after it was due
    for (Span span : inFlight.values()) {
      if (span.interrupted != NEVER && now - span.interrupted > grace(span) + slack) {
        problem("interrupted, and not answered after the grace time: " + span);
      }
      boolean mayWait = span.exempt || span.opcode == Opcode.SETLKW;
      if (plan.hardNanos() > 0 && !mayWait && now - span.begun > plan.hardNanos() + slack) {
        problem("not answered after the hard deadline: " + span);
      }
    }
  }
}
