package io.fusewire.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.raw.Execution;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Reply;
import io.fusewire.transport.memory.SimExecutor;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    LATER_THROW
  }

  /** A request that was not answered when its handler returned. */
  private record Open(Reply reply, String what, boolean isNever) {}

  private final SimExecutor executor;
  private final Behaviour behaviour;
  private final SplittableRandom random;
  private final Map<Long, Open> open = new HashMap<>();
  private final Set<Long> interruptedEarly = new HashSet<>();
  private final List<String> problems = new ArrayList<>();
  private int openMost;
  private int nevers;
  private long started;
  private boolean isClosed;

  SimHandlers(SimExecutor executor, Behaviour behaviour, long seed) {
    this.executor = executor;
    this.behaviour = behaviour;
    this.random = new SplittableRandom(seed);
  }

  Execution execution() {
    return happens(behaviour.inline()) ? Execution.INLINE : Execution.VIRTUAL;
  }

  List<String> problems() {
    return problems;
  }

  int openMost() {
    return openMost;
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

  private Way draw(int opcode) {
    if (happens(behaviour.later())) {
      return Way.LATER;
    }
    boolean mayBlock = nevers < behaviour.neverMax() && !BACKGROUND.contains(Opcode.of(opcode));
    if (mayBlock && happens(behaviour.never())) {
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

  @SuppressWarnings("unchecked") // later() gives a reply of the same class
  <R extends Reply> void serve(RawRequest request, R reply, Answer<? super R> answer) {
    if (request.unique() == 0) { // the library takes a late answer back
      answer(reply, answer);
      return;
    }
    started++;
    openMost = Math.max(openMost, open.size() + 1);
    if (interruptedEarly.remove(request.unique()) && behaviour.honoursInterrupts()) {
      reply.error(Errno.EINTR);
      return;
    }
    switch (draw(request.opcode())) {
      case NOW -> answer(reply, answer);
      case TWICE -> {
        answer(reply, answer);
        expectDead(reply, "a second answer to " + request);
      }
      case SILENT -> {}
      case THROW -> throw failure();
      case LATER -> {
        R own = (R) reply.later();
        long unique = request.unique();
        Open waiting = new Open(own, request.toString(), false);
        open.put(unique, waiting);
        executor.after(
            random.nextLong(behaviour.laterNanosMax() + 1),
            () -> {
              if (isClosed) {
                guarded(() -> assertThat(request.toString()).isNotEmpty()); // its memory is there
                expectDead(own, "an answer after destroy() to " + waiting.what);
              } else if (open.remove(unique, waiting)) {
                answer(own, answer);
              }
            });
      }
      case NEVER -> {
        nevers++;
        open.put(request.unique(), new Open(reply.later(), request.toString(), true));
      }
      case LATER_THROW -> {
        Reply own = reply.later();
        String what = "an answer after the handler of " + request + " threw";
        executor.after(random.nextLong(behaviour.laterNanosMax() + 1), () -> expectDead(own, what));
        throw failure();
      }
    }
  }

  private RuntimeException failure() {
    return random.nextBoolean()
        ? new FuseException(Errno.ENOSPC)
        : new IllegalStateException("of the handler");
  }

  /** Answers with the result or with the errno of what went wrong; other throwables are ours. */
  private <R extends Reply> void answer(R reply, Answer<? super R> answer) {
    try {
      answerOrThrow(reply, answer);
    } catch (IllegalStateException e) {
      // Answered by somebody else: the connection is over, or the request was given up.
    } catch (AssertionError e) {
      problem(e.toString());
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
    @Nullable Open waiting = open.get(victim);
    if (waiting == null) {
      interruptedEarly.add(victim);
    } else if (behaviour.honoursInterrupts()) {
      open.remove(victim);
      if (waiting.isNever) {
        nevers--;
      }
      answer(waiting.reply, reply -> reply.error(Errno.EINTR));
    }
  }
}
