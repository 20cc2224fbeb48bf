package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fusewire.metrics.Counter;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Reply;
import io.fusewire.transport.memory.RequestFrame;
import io.fusewire.transport.memory.Requests;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of a request whose caller got a signal, wherever the request is. */
@Timeout(30)
class InterruptsTest {
  private static final Duration GRACE = Duration.ofSeconds(1);
  private static final Duration ALMOST = GRACE.minusMillis(1);
  private static final Duration REST = Duration.ofMillis(1);

  private final ScriptedFileSystem files = new ScriptedFileSystem();

  /** The library answers after the grace time: once it has seen the interrupt. */
  private static void abandon(ManualSession session, long unique) {
    session.interrupt(unique);
    session.pass(Duration.ZERO);
    session.pass(ALMOST);
    assertThat(session.answers()).isEmpty();
    session.pass(REST);
    assertThat(session.answers()).containsExactly(entry(unique, Errno.EINTR));
  }

  private static long count(ManualSession session, Counter counter) {
    return session.mount.metrics().counter(counter);
  }

  @Test
  void anInterruptThatComesBeforeItsRequestIsKeptForIt() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      List<Boolean> cancelled = new ArrayList<>();
      files.handle(
          (request, reply) -> {
            cancelled.add(reply.isCancelled());
            reply.error(Errno.EINTR);
          });
      session.interrupt(session.nextUnique());
      long read = session.send(Requests.read(3, 0, 0, 10));
      session.send(Requests.read(3, 0, 0, 10));
      session.run();
      assertThat(cancelled).containsExactly(true, false);
      assertThat(session.answers()).containsEntry(read, Errno.EINTR).hasSize(2);
      assertThat(count(session, Counter.INTERRUPT_EARLY)).isEqualTo(1);
      assertThat(count(session, Counter.INTERRUPT_RECEIVED)).isEqualTo(1);
    }
  }

  @Test
  void moreEarlyInterruptsThanAreKeptPushOutTheOldest() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      long first = session.nextUnique();
      for (int i = 0; i <= Interrupts.PLACES; i++) {
        session.interrupt(first + 2L * i);
      }
      assertThat(count(session, Counter.INTERRUPT_LATE)).isEqualTo(1);
      long pushedOut = session.send(Requests.getattr(3));
      long kept = session.send(Requests.getattr(3));
      session.run();
      assertThat(files.kept(pushedOut).isCancelled()).isFalse();
      assertThat(files.kept(kept).isCancelled()).isTrue();
      files.answerAll();
      assertThat(session.answers()).containsOnlyKeys(pushedOut, kept);
    }
  }

  @Test
  void aQueuedRequestIsAnsweredAfterTheGraceTimeAndNeverStarts() throws Exception {
    try (ManualSession session = new ManualSession(files, options -> options.maxInFlight(1))) {
      long running = session.send(Requests.getattr(3));
      long queued = session.send(Requests.getattr(4));
      session.run();
      assertThat(files.waiting()).containsExactly(running);
      abandon(session, queued);
      files.answer(running);
      session.run();
      assertThat(session.answers()).containsExactly(entry(running, 0));
      assertThat(files.started).containsExactly("GETATTR 3");
      assertThat(count(session, Counter.ABANDONED)).isEqualTo(1);
    }
  }

  @Test
  void aHandlerThatRunsIsToldOnceAndAbandonedAfterTheGraceTime() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      List<String> calls = new ArrayList<>();
      long read = session.send(Requests.read(3, 0, 0, 10));
      session.run();
      Reply reply = files.kept(read);
      reply.onCancel(() -> calls.add("hook"));
      session.interrupt(read);
      session.interrupt(read);
      session.run();
      assertThat(calls).containsExactly("hook");
      assertThat(reply.isCancelled()).isTrue();
      abandon(session, read);
      assertThat(files.answer(read)).isFalse();
      session.run();
      assertThat(calls).containsExactly("hook");
      assertThat(session.answers()).isEmpty();
      assertThat(count(session, Counter.CANCELLED)).isEqualTo(1);
    }
  }

  @Test
  void aHookThatIsSetAfterTheInterruptIsCalledAtOnce() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      List<String> calls = new ArrayList<>();
      long read = session.send(Requests.read(3, 0, 0, 10));
      session.run();
      session.interrupt(read);
      files.kept(read).onCancel(() -> calls.add("hook"));
      session.run();
      assertThat(calls).containsExactly("hook");
      files.answerAll();
      assertThat(session.answers()).containsExactly(entry(read, 0));
    }
  }

  @Test
  void aHandlerThatEndsWithinTheGraceTimeKeepsItsAnswer() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      long read = session.send(Requests.read(3, 0, 0, 10));
      session.run();
      session.interrupt(read);
      session.pass(Duration.ZERO);
      session.pass(ALMOST);
      assertThat(files.answer(read)).isTrue();
      session.pass(GRACE);
      assertThat(session.answers()).containsExactly(entry(read, 0));
      assertThat(count(session, Counter.ABANDONED)).isZero();
    }
  }

  private void lateAnswerIsTakenBack(RequestFrame frame, String... takenBack) throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      long late = session.send(frame);
      session.run();
      abandon(session, late);
      assertThat(files.takenBack).isEmpty();
      assertThat(files.answer(late)).isFalse();
      assertThat(files.takenBack).containsExactlyInAnyOrder(takenBack);
      assertThat(session.answers()).isEmpty();
      assertThat(count(session, Counter.LATE_ANSWER_UNDONE)).isEqualTo(1);
    }
  }

  @Test
  void aLateLookupIsForgottenOnce() throws Exception {
    lateAnswerIsTakenBack(Requests.lookup(1, "a"), "FORGET 42 1");
  }

  @Test
  void aLateCreateIsReleasedAndForgottenOnce() throws Exception {
    lateAnswerIsTakenBack(Requests.create(1, "a", 0644, 0), "RELEASE 42 7", "FORGET 42 1");
  }

  @Test
  void aLateOpenIsReleasedOnce() throws Exception {
    lateAnswerIsTakenBack(Requests.open(5, 0), "RELEASE 5 7");
  }

  @Test
  void everyEntryOfALateListingIsForgottenOnceAndNoNameWithoutANode() throws Exception {
    lateAnswerIsTakenBack(Requests.readdirplus(1, 0, 0, 4096), "FORGET 42 1", "FORGET 43 1");
  }

  @Test
  void aLateErrorHasNothingToTakeBack() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      long late = session.send(Requests.lookup(1, "a"));
      session.run();
      abandon(session, late);
      assertThat(files.kept(late).error(Errno.ENOENT)).isFalse();
      assertThat(files.takenBack).isEmpty();
      assertThat(session.answers()).isEmpty();
    }
  }

  @Test
  void aLateAnswerWithinItsHandlerIsTakenBackOnceTheHandlerHasReturned() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      long number = session.nextUnique();
      List<String> seen = new ArrayList<>();
      files.handle(
          (request, reply) -> {
            abandon(session, number);
            seen.add("told " + ScriptedFileSystem.good(reply));
            seen.addAll(files.takenBack);
          });
      session.send(Requests.lookup(1, "a"));
      session.run();
      assertThat(seen).containsExactly("told false");
      assertThat(files.takenBack).containsExactly("FORGET 42 1");
      assertThat(session.answers()).isEmpty();
    }
  }

  @Test
  void aHandlerThatThrowsWhenItIsAbandonedDoesNoHarm() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      long number = session.nextUnique();
      files.handle(
          (request, reply) -> {
            abandon(session, number);
            throw new io.fusewire.raw.FuseException(Errno.EIO);
          });
      session.send(Requests.lookup(1, "a"));
      session.run();
      assertThat(session.answers()).isEmpty();
      assertThat(files.takenBack).isEmpty();
      files.answerAtOnce();
      long next = session.send(Requests.lookup(1, "a"));
      session.run();
      assertThat(session.answers()).containsExactly(entry(next, 0));
    }
  }

  @Test
  void anAbandonedHandlerHoldsItsSlotAndNoPlace() throws Exception {
    try (ManualSession session = new ManualSession(files, options -> options.maxInFlight(1))) {
      long late = session.send(Requests.getattr(3));
      session.run();
      abandon(session, late);
      assertThat(session.mount.metrics().gauges().inFlight()).isZero();
      assertThat(session.transport.slotsInUse()).isEqualTo(1);
      long next = session.send(Requests.getattr(4));
      session.run();
      assertThat(files.waiting()).containsExactly(late, next);
      files.answerAll();
      assertThat(session.answers()).containsExactly(entry(next, 0));
    }
  }

  @Test
  void anInterruptAfterTheAnswerIsIgnored() throws Exception {
    try (ManualSession session = new ManualSession(files)) {
      long done = session.send(Requests.getattr(3));
      session.run();
      files.answerAll();
      session.interrupt(done);
      long next = session.send(Requests.getattr(3));
      session.run();
      assertThat(files.kept(next).isCancelled()).isFalse();
      session.pass(GRACE);
      session.pass(GRACE);
      files.answerAll();
      assertThat(session.answers()).containsExactly(entry(done, 0), entry(next, 0));
      assertThat(count(session, Counter.ABANDONED)).isZero();
    }
  }

  @Test
  void anOpcodeMayHaveAGraceTimeOfItsOwn() throws Exception {
    try (ManualSession session =
        new ManualSession(files, options -> options.interruptGrace(Opcode.READ, Duration.ZERO))) {
      long read = session.send(Requests.read(3, 0, 0, 10));
      long getattr = session.send(Requests.getattr(3));
      session.run();
      session.interrupt(read);
      session.interrupt(getattr);
      session.pass(Duration.ZERO);
      assertThat(session.answers()).containsExactly(entry(read, Errno.EINTR));
      session.pass(GRACE);
      assertThat(session.answers()).containsExactly(entry(getattr, Errno.EINTR));
      files.answerAll();
      assertThat(session.answers()).isEmpty();
    }
  }

  @Test
  void theThreadOfAHandlerIsInterruptedOnlyWhereTheFileSystemAllowsIt() throws Exception {
    CountDownLatch never = new CountDownLatch(1);
    AtomicBoolean isInterrupted = new AtomicBoolean();
    ScriptedFileSystem allowing =
        new ScriptedFileSystem(Execution.VIRTUAL) {
          @Override
          public boolean interruptible(Opcode opcode) {
            return opcode == Opcode.READ;
          }
        };
    try (ManualSession session = new ManualSession(allowing)) {
      allowing.handle(
          (request, reply) -> {
            session.interrupt(request.unique());
            try {
              never.await();
            } catch (InterruptedException e) {
              reply.error(Errno.EINTR);
            }
          });
      long read = session.send(Requests.read(3, 0, 0, 10));
      session.run();
      assertThat(session.answers()).containsExactly(entry(read, Errno.EINTR));
      allowing.handle(
          (request, reply) -> {
            session.interrupt(request.unique());
            isInterrupted.set(Thread.currentThread().isInterrupted());
            reply.error(Errno.EINTR);
          });
      session.send(Requests.getattr(3));
      session.run();
      assertThat(isInterrupted).isFalse();
      assertThat(session.answers()).hasSize(1);
      allowing.handle(
          (request, reply) -> {
            session.interrupt(request.unique());
            reply.error(Errno.EINTR);
          });
      session.send(Requests.read(3, 0, 0, 10));
      session.run();
      assertThat(Thread.currentThread().isInterrupted()).as("left behind").isFalse();
      assertThat(session.answers()).hasSize(1);
    }
  }
}
