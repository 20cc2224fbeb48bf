package io.fusewire.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.raw.Execution;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Reply;
import io.fusewire.transport.memory.SimExecutor;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** Decides when and how each request of a {@link SimFileSystem} is answered. */
final class SimHandlers {
  private static final int PERCENT = 100;

  /** What the kernel also sends for itself, and then never interrupts. */
  private static final Set<Opcode> BACKGROUND =
      EnumSet.of(Opcode.READ, Opcode.WRITE, Opcode.RELEASE, Opcode.RELEASEDIR);

  /** Answers a request that it is time to answer. */
  @FunctionalInterface
  interface Answer<R extends Reply> {
    void to(R reply);
  }

  private enum Way {
    NOW,
    LATER,
    NEVER,
    TWICE,
    SILENT,
    THROW,
    LATER_THROW,
    BLOCK
  }

  /** A request that was not answered when its handler returned. */
  private record Open(Reply reply, String what, Watch.Span span, boolean isNever) {}

  /** So many handlers may keep the one thread there is at a time: each has another below it. */
  private static final int BLOCKED_MAX = 6;

  private static final int LATE_PERCENT = 70;

  private final SimExecutor executor;
  private final Behaviour behaviour;
  private final Plan plan;
  private final Watch watch;
  private final SplittableRandom random;
  private final Map<Opcode, Execution> executions = new EnumMap<>(Opcode.class);
  private final Map<Long, Open> open = new HashMap<>();
  private final Set<Long> interruptedEarly = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private BooleanSupplier step = () -> false;
  private int blocked;
  private int nevers;
  private long started;
  private boolean isClosed;

  SimHandlers(SimExecutor executor, Scenario scenario, Watch watch, long seed) {
    this.executor = executor;
    this.behaviour = scenario.behaviour();
    this.plan = scenario.plan();
    this.watch = watch;
    this.random = new SplittableRandom(seed);
    for (Opcode opcode : Opcode.values()) {
      executions.put(opcode, drawExecution());
    }
    watch.onEnd(this::ended);
  }

  private Execution drawExecution() {
    if (happens(behaviour.inline())) {
      return Execution.INLINE;
    }
    boolean platform = plan.dispatch().mode() != Dispatch.Mode.VIRTUAL && random.nextBoolean();
    return platform ? Execution.PLATFORM : Execution.VIRTUAL;
  }

  /** How a handler that keeps its thread lets the others go on. */
  void step(BooleanSupplier once) {
    step = once;
  }

  Execution execution(Opcode opcode) {
    return executions.getOrDefault(opcode, Execution.VIRTUAL);
  }

  boolean interruptible(Opcode opcode) {
    return plan.stops().interruptible().contains(opcode);
  }

  boolean isQuiet() {
    return blocked == 0;
  }

  List<String> problems() {
    return problems;
  }

  int openNow() {
    return open.size();
  }

  long started() {
    return started;
  }

  /** The mount is over: requests that are open cannot be looked at any more. */
  void close() {
    isClosed = true;
  }

  void problem(String what) {
    problems.add(what);
  }

  private boolean happens(int percent) {
    return random.nextInt(PERCENT) < percent;
  }

  private Way draw(Opcode opcode) {
    if (happens(plan.block()) && blocked < BLOCKED_MAX) {
      return Way.BLOCK;
    }
    if (happens(behaviour.later())) {
      return Way.LATER;
    }
    boolean keepsOthersOut = plan.ordering() != Ordering.NONE; // RELEASE, which no signal ends
    boolean isEnded = plan.hardNanos() > 0 || (!keepsOthersOut && !BACKGROUND.contains(opcode));
    if (isEnded && nevers < behaviour.neverMax() && happens(behaviour.never())) {
      return Way.NEVER;
    }
    if (happens(behaviour.throwing())) {
      return random.nextBoolean() ? Way.THROW : Way.LATER_THROW;
    }
    if (happens(behaviour.silent())) {
      return Way.SILENT;
    }
    return happens(behaviour.twice()) ? Way.TWICE : Way.NOW;
  }

  <R extends Reply> void serve(RawRequest request, R reply, Answer<? super R> answer) {
    if (request.unique() == 0) { // the library takes a late answer back
      answer(reply, false, answer);
      return;
    }
    started++;
    Opcode opcode = Objects.requireNonNull(Opcode.of(request.opcode()));
    Watch.Span span = watch.started(request, execution(opcode) == Execution.INLINE);
    watch.onThread(span, true);
    boolean isLater = false;
    try {
      isLater = interruptedBefore(span, reply) || serve(span, draw(opcode), request, reply, answer);
    } finally {
      watch.onThread(span, false);
      if (!isLater) {
        watch.done(span);
      }
    }
  }

  private boolean interruptedBefore(Watch.Span span, Reply reply) {
    if (!interruptedEarly.remove(span.unique) || !behaviour.honoursInterrupts()) {
      return false;
    }
    watch.handlerEnds(span.unique);
    watch.done(span);
    reply.error(Errno.EINTR);
    return true;
  }

  /** Gives true when the answer is to come later. */
  private <R extends Reply> boolean serve(
      Watch.Span span, Way way, RawRequest request, R reply, Answer<? super R> answer) {
    if (happens(plan.waits()) && (way != Way.NEVER || !BACKGROUND.contains(span.opcode))) {
      if (reply.waits()) {
        watch.exempt(span); // from the hard deadline, too
      }
    }
    if (happens(plan.throttles())) {
      reply.throttled(Duration.ofNanos(delay()));
    }
    switch (way) {
      case NOW -> answer(reply, false, answer);
      case TWICE -> {
        answer(reply, false, answer);
        expectDead(reply, "a second answer to " + request);
      }
      case SILENT -> {}
      case THROW -> throw failure();
      case BLOCK -> block(span, reply, answer);
      case LATER -> later(span, request, reply, answer);
      case NEVER -> {
        nevers++;
        open.put(span.unique, new Open(reply.later(), request.toString(), span, true));
        watch.detached(span);
      }
      case LATER_THROW -> {
        Reply own = reply.later();
        watch.detached(span);
        String what = "an answer after the handler of " + request + " threw";
        boolean late =
            span.ended; // then the library knows no answer that this could be a second of
        executor.after(
            delay(),
            late
                ? () -> answer(own, true, r -> r.error(Errno.EUCLEAN))
                : () -> expectDead(own, what));
        throw failure();
      }
    }
    return way == Way.LATER || way == Way.NEVER;
  }

  private long delay() {
    return random.nextLong(behaviour.laterNanosMax() + 1);
  }

  @SuppressWarnings("unchecked") // later() gives a reply of the same class
  private <R extends Reply> void later(
      Watch.Span span, RawRequest request, R reply, Answer<? super R> answer) {
    R own = (R) reply.later();
    watch.detached(span);
    Open waiting = new Open(own, request.toString(), span, false);
    open.put(span.unique, waiting);
    executor.after(
        delay(),
        () -> {
          if (isClosed) {
            guarded(() -> assertThat(request.toString()).isNotEmpty()); // its memory is there
            expectDead(own, "an answer after destroy() to " + waiting.what);
          } else if (open.remove(span.unique, waiting)) {
            watch.done(span);
            answer(own, span.ended, answer);
          }
        });
  }

  /** Keeps its thread for a time; all else that happens meanwhile happens on top of it. */
  private <R extends Reply> void block(Watch.Span span, R reply, Answer<? super R> answer) {
    blocked++;
    long end = executor.nanos() + delay();
    executor.after(end - executor.nanos(), () -> {});
    while (executor.nanos() < end && step.getAsBoolean()) {}
    blocked--;
    if (Thread.currentThread().isInterrupted() && isQuiet() && !interruptible(span.opcode)) {
      problem("the thread of a handler was interrupted that does not allow it: " + span);
    }
    if (!interruptedBefore(span, reply)) {
      watch.done(span);
      answer(reply, span.ended, answer);
    }
  }

  /** A request was answered, perhaps by the library, and its handler may come too late. */
  private void ended(long unique) {
    Open waiting = open.get(unique);
    if (waiting != null && waiting.isNever && happens(LATE_PERCENT)) {
      executor.after(
          delay(),
          () -> {
            if (!isClosed && open.remove(unique, waiting)) {
              nevers--;
              watch.done(waiting.span);
              answer(waiting.reply, true, reply -> reply.error(Errno.EUCLEAN));
            }
          });
    }
  }

  private RuntimeException failure() {
    return random.nextBoolean()
        ? new FuseException(Errno.ENOSPC)
        : new IllegalStateException("of the handler");
  }

  /**
   * Answers with the result or with the errno of what went wrong; other throwables are ours.
   *
   * @param late whether the library has answered: then the kernel may have let go of everything
   */
  private <R extends Reply> void answer(R reply, boolean late, Answer<? super R> answer) {
    try {
      answerOrThrow(reply, answer);
    } catch (IllegalStateException e) {
      // Answered by somebody else: the connection is over, or the request was given up.
    } catch (AssertionError e) {
      if (!late) {
        problem(e.toString());
      }
      reply.error(Errno.EIO);
    }
  }

  private static <R extends Reply> void answerOrThrow(R reply, Answer<? super R> answer) {
    try {
      answer.to(reply);
    } catch (FuseException e) {
      reply.error(e.errno());
    }
  }

  /**
   * Sends an answer; undoes what it promised when it may not be sent at all. When nobody takes it,
   * the library undoes it by FORGET and RELEASE.
   */
  void orElse(BooleanSupplier send, Runnable undo) {
    boolean sent = false;
    try {
      boolean _ = send.getAsBoolean();
      sent = true;
    } finally {
      if (!sent) {
        undo.run();
      }
    }
  }

  private void expectDead(Reply reply, String what) {
    try {
      reply.error(Errno.EUCLEAN);
      problem(what + " was taken");
    } catch (IllegalStateException e) {
      // as it must be
    }
  }

  void guarded(Runnable check) {
    try {
      check.run();
    } catch (AssertionError e) {
      problem(e.toString());
    }
  }

  void interrupt(long victim) {
    watch.interrupted(victim);
    @Nullable Open waiting = open.get(victim);
    if (waiting == null) {
      interruptedEarly.add(victim);
    } else if (behaviour.honoursInterrupts()) {
      open.remove(victim);
      if (waiting.isNever) {
        nevers--;
      }
      watch.handlerEnds(victim);
      watch.done(waiting.span);
      answer(waiting.reply, waiting.span.ended, reply -> reply.error(Errno.EINTR));
    }
  }
}
