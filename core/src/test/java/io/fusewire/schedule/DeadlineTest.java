package io.fusewire.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.fusewire.Logs;
import io.fusewire.dispatch.Ordering;
import io.fusewire.metrics.Counter;
import io.fusewire.raw.Execution;
import io.fusewire.transport.memory.Requests;
import io.fusewire.wire.Errno;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the library does about requests that take too long. */
@Timeout(30)
class DeadlineTest {
  private static final Duration DEADLINE = Duration.ofSeconds(10);
  private static final Duration ALMOST = DEADLINE.minusMillis(1);
  private static final Duration REST = Duration.ofMillis(1);

  private final ScriptedFileSystem files = new ScriptedFileSystem();

  private static long count(ManualSession session, Counter counter) {
    return session.mount.metrics().counter(counter);
  }

  @Test
  void theSoftDeadlineLogsARequestOnceWithTheStackOfItsHandler() throws Exception {
    try (Logs logs = Logs.caught();
        ManualSession session = new ManualSession(files, o -> o.softDeadline(DEADLINE))) {
      files.handle(
          (request, reply) -> {
            session.pass(Duration.ZERO);
            session.pass(ALMOST);
            assertThat(logs.messages()).isEmpty();
            session.pass(REST);
            session.pass(DEADLINE);
            reply.error(Errno.ENOENT);
          });
      long read = session.send(Requests.read(3, 0, 0, 1));
      session.run();
      assertThat(logs.messages())
          .singleElement()
          .asString()
          .contains("a request takes long: READ unique=" + read + " node=3", "RUNNING")
          .contains("at ", "DeadlineTest");
      assertThat(session.answers()).containsExactly(entry(read, Errno.ENOENT));
      assertThat(count(session, Counter.DEADLINE_SOFT)).isEqualTo(1);
    }
  }

  @Test
  void theHardDeadlineAnswersThatRequestAndNoOther() throws Exception {
    try (Logs logs = Logs.caught();
        ManualSession session = new ManualSession(files, o -> o.hardDeadline(DEADLINE))) {
      long old = session.send(Requests.lookup(1, "a"));
      session.run();
      session.pass(Duration.ZERO);
      session.pass(REST);
      long young = session.send(Requests.lookup(1, "a"));
      session.run();
      session.pass(Duration.ZERO);
      session.pass(ALMOST.minus(REST));
      assertThat(session.answers()).isEmpty();
      session.pass(REST);
      assertThat(session.answers()).containsExactly(entry(old, Errno.ETIMEDOUT));
      assertThat(files.answer(old)).isFalse();
      assertThat(files.answer(young)).isTrue();
      assertThat(files.takenBack).containsExactly("FORGET 42 1");
      assertThat(session.answers()).containsExactly(entry(young, 0));
      assertThat(count(session, Counter.DEADLINE_HARD)).isEqualTo(1);
      assertThat(logs.messages())
          .singleElement()
          .asString()
          .startsWith("answered ETIMEDOUT in the place of LOOKUP");
    }
  }

  @Test
  void aRequestThatHasNotStartedIsAnsweredToo() throws Exception {
    try (Logs logs = Logs.caught();
        ManualSession session =
            new ManualSession(files, o -> o.maxInFlight(1).hardDeadline(DEADLINE))) {
      long running = session.send(Requests.lock(3, 0, 1, 1, false));
      session.run();
      session.pass(REST);
      long queued = session.send(Requests.getattr(3));
      session.pass(Duration.ZERO);
      files.answer(running);
      session.pass(DEADLINE);
      assertThat(session.answers())
          .containsExactly(entry(running, 0), entry(queued, Errno.ETIMEDOUT));
      session.run();
      assertThat(files.started).containsExactly("SETLK 3");
      assertThat(logs.messages()).hasSize(1);
    }
  }

  @Test
  void aReleaseThatWaitsIsAnsweredAndRunsAllTheSameForItIsSentOnce() throws Exception {
    try (Logs logs = Logs.caught();
        ManualSession session =
            new ManualSession(files, o -> o.maxInFlight(1).hardDeadline(DEADLINE))) {
      long running = session.send(Requests.lock(3, 0, 1, 1, false));
      session.run();
      long release = session.send(Requests.release(3, 7, 0));
      session.pass(Duration.ZERO);
      session.pass(DEADLINE);
      assertThat(session.answers())
          .containsExactly(entry(running, Errno.ETIMEDOUT), entry(release, Errno.ETIMEDOUT));
      session.run();
      assertThat(files.takenBack).containsExactly("RELEASE 3 7");
      assertThat(files.answer(running)).isFalse();
      assertThat(logs.messages()).hasSize(2);
    }
  }

  @Test
  void aReleaseIsNotLostBetweenItsStartAndItsHandlerEither() throws Exception {
    try (Logs logs = Logs.caught();
        ManualSession session = new ManualSession(files, o -> o.hardDeadline(DEADLINE))) {
      long release = session.send(Requests.release(3, 7, 0));
      session.pass(Duration.ZERO);
      session.pass(DEADLINE);
      assertThat(session.answers()).containsExactly(entry(release, Errno.ETIMEDOUT));
      session.run();
      assertThat(files.takenBack).containsExactly("RELEASE 3 7");
      assertThat(logs.messages()).hasSize(1);
    }
  }

  @Test
  void aReleaseThatWasAnsweredKeepsItsPlaceInTheOrderOfItsNode() throws Exception {
    try (Logs logs = Logs.caught();
        ManualSession session =
            new ManualSession(files, o -> o.ordering(Ordering.NODES).hardDeadline(DEADLINE))) {
      long write = session.send(Requests.write(3, 7, 0, new byte[1]));
      long release = session.send(Requests.release(3, 7, 0));
      session.run();
      session.pass(Duration.ZERO);
      session.pass(DEADLINE);
      session.run();
      assertThat(session.answers())
          .containsExactly(entry(write, Errno.ETIMEDOUT), entry(release, Errno.ETIMEDOUT));
      assertThat(files.takenBack).isEmpty();
      assertThat(files.answer(write)).isFalse();
      session.run();
      assertThat(files.takenBack).containsExactly("RELEASE 3 7");
      assertThat(logs.messages()).hasSize(2);
    }
  }

  @Test
  void whatWaitsByDesignHasNoDeadline() throws Exception {
    try (Logs logs = Logs.caught();
        ManualSession session =
            new ManualSession(files, o -> o.softDeadline(REST).hardDeadline(DEADLINE))) {
      long lock = session.send(Requests.lock(3, 0, 1, 1, true));
      long read = session.send(Requests.read(3, 0, 0, 1));
      session.run();
      files.kept(read).waits();
      session.pass(Duration.ZERO);
      session.pass(DEADLINE);
      session.pass(DEADLINE);
      assertThat(session.answers()).isEmpty();
      files.answerAll();
      assertThat(session.answers()).containsExactly(entry(lock, 0), entry(read, 0));
      assertThat(logs.messages()).isEmpty();
    }
  }

  @Test
  void anInlineHandlerThatBlocksItsReadingThreadIsReportedOnce() throws Exception {
    ScriptedFileSystem inline = new ScriptedFileSystem(Execution.INLINE);
    try (Logs logs = Logs.caught();
        ManualSession session = new ManualSession(inline, o -> o.inlineLimit(REST))) {
      inline.handle(
          (request, reply) -> {
            session.pass(Duration.ZERO);
            session.pass(REST);
            session.pass(REST);
            reply.error(Errno.EIO);
          });
      session.send(Requests.getattr(3));
      assertThat(logs.messages())
          .singleElement()
          .asString()
          .contains("declare the operation VIRTUAL or PLATFORM", "GETATTR", "DeadlineTest");
      assertThat(count(session, Counter.INLINE_OVERRUN)).isEqualTo(1);
      assertThat(List.copyOf(session.answers().values())).containsExactly(Errno.EIO);
    }
  }
}
