package io.fusewire.raw;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.Logs;
import io.fusewire.transport.memory.Frames;
import io.fusewire.transport.memory.Message;
import io.fusewire.transport.memory.Served;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A reply answers its own request, exactly once. */
@Timeout(60)
class ReplyTest {
  private static final byte[] DATA = {1, 2, 3, 4, 5, 6, 7, 8};

  private final Logs logs = Logs.caught();

  /** A file system whose READ does what the test says. */
  private static final class Reading implements RawFileSystem {
    private final Execution execution;
    private final Consumer<DataReply> handler;

    Reading(Execution execution, Consumer<DataReply> handler) {
      this.execution = execution;
      this.handler = handler;
    }

    @Override
    public Execution execution(Opcode opcode) {
      return execution;
    }

    @Override
    public void read(Read.Request request, DataReply reply) {
      handler.accept(reply);
    }
  }

  @AfterEach
  void stopCatching() {
    logs.close();
  }

  private static Message read(Execution execution, Consumer<DataReply> handler)
      throws InterruptedException {
    try (Served served = new Served(new Reading(execution, handler))) {
      return served.ask(Frames.read(2, 4096));
    }
  }

  private static void onAnotherThread(Runnable action) {
    try {
      CompletableFuture.runAsync(action, task -> Thread.ofPlatform().start(task))
          .get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(DataReply reply) {
    assertThatThrownBy(() -> reply.data(DATA)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> reply.error(Errno.EPERM)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(reply::endOfFile).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(reply::later).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(reply::room).isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void anAnswerReachesTheKernelOnce(Execution execution) throws InterruptedException {
    Message answer =
        read(
            execution,
            reply -> {
              assertThat(reply.data(DATA)).isTrue();
              assertRefused(reply);
            });
    assertThat(answer.unique()).isEqualTo(2);
    assertThat(answer.error()).isZero();
    assertThat(Served.bytes(answer)).isEqualTo(DATA);
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void aReplyThatWasKeptCannotAnswerAnotherRequest(Execution execution)
      throws InterruptedException {
    List<DataReply> kept = new ArrayList<>();
    Consumer<DataReply> handler =
        reply -> {
          if (!kept.isEmpty()) {
            onAnotherThread(() -> assertRefused(kept.getFirst()));
          }
          kept.add(reply);
          reply.endOfFile();
        };
    try (Served served = new Served(new Reading(execution, handler))) {
      for (int unique = 2; unique <= 10; unique += 2) {
        Message answer = served.ask(Frames.read(unique, 4096));
        assertThat(answer.unique()).isEqualTo(unique);
        assertThat(answer.error()).isZero();
        assertRefused(kept.getFirst());
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void aLostAnswerBecomesEioAndTheLogNamesTheOperation(Execution execution)
      throws InterruptedException {
    List<DataReply> kept = new ArrayList<>();
    Message answer = read(execution, kept::add);
    assertThat(answer.error()).isEqualTo(-Errno.EIO);
    assertThat(logs.messages()).hasSize(1);
    assertThat(logs.messages().getFirst()).contains("READ got no answer", "node=1");
    assertRefused(kept.getFirst());
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void anExceptionBecomesEioAndAFuseExceptionItsErrno(Execution execution)
      throws InterruptedException {
    Message thrown =
        read(
            execution,
            reply -> {
              throw new IllegalArgumentException("of the handler");
            });
    assertThat(thrown.error()).isEqualTo(-Errno.EIO);
    assertThat(logs.messages()).containsExactly("the handler of READ failed");
    Message expected =
        read(
            execution,
            reply -> {
              throw new FuseException(Errno.ENOSPC);
            });
    assertThat(expected.error()).isEqualTo(-Errno.ENOSPC);
    assertThat(logs.messages()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void anExceptionAfterTheAnswerChangesNothing(Execution execution) throws InterruptedException {
    Message answer =
        read(
            execution,
            reply -> {
              reply.data(DATA);
              throw new FuseException(Errno.EPERM);
            });
    assertThat(Served.bytes(answer)).isEqualTo(DATA);
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void partsOfAnAnswerThatFailsAreNotSent(Execution execution) throws InterruptedException {
    Consumer<DataReply> handler =
        reply -> {
          reply.add(MemorySegment.ofArray(DATA), 0, DATA.length);
          throw new FuseException(Errno.ENXIO);
        };
    Message answer = read(execution, handler);
    assertThat(answer.error()).isEqualTo(-Errno.ENXIO);
    assertThat(answer.body().byteSize()).isZero();
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void laterAnswersFromAnotherThread(Execution execution) throws InterruptedException {
    List<DataReply> kept = new ArrayList<>();
    List<DataReply> direct = new ArrayList<>();
    Consumer<DataReply> handler =
        reply -> {
          direct.add(reply);
          kept.add(reply.later());
        };
    try (Served served = new Served(new Reading(execution, handler))) {
      served.transport.deliver(Frames.read(2, 4096));
      served.transport.deliver(Frames.read(4, 4096));
      assertThat(served.transport.poll()).isNull();
      assertThat(served.transport.slotsInUse()).isEqualTo(2);
      assertRefused(direct.getFirst()); // its right went over to what later() gave
      onAnotherThread(() -> kept.get(1).data(DATA));
      onAnotherThread(() -> kept.get(0).error(Errno.EACCES));
      assertRefused(kept.get(0));
      assertRefused(kept.get(1));
      assertThat(served.transport.poll()).extracting(Message::unique).isEqualTo(4L);
      assertThat(served.transport.poll()).extracting(Message::error).isEqualTo(-Errno.EACCES);
      assertThat(served.transport.poll()).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void laterMayBeAnsweredBeforeTheHandlerReturns(Execution execution) throws InterruptedException {
    Message answer =
        read(
            execution,
            reply -> {
              DataReply later = reply.later();
              onAnotherThread(() -> later.data(DATA));
            });
    assertThat(Served.bytes(answer)).isEqualTo(DATA);
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void aHandlerThatFailsAfterLaterHasAnswered(Execution execution) throws InterruptedException {
    List<DataReply> kept = new ArrayList<>();
    Message answer =
        read(
            execution,
            reply -> {
              kept.add(reply.later());
              throw new FuseException(Errno.EAGAIN);
            });
    assertThat(answer.error()).isEqualTo(-Errno.EAGAIN);
    assertRefused(kept.getFirst());
  }

  @Test
  void anInlineReplyBelongsToItsThread() throws InterruptedException {
    Message answer =
        read(
            Execution.INLINE,
            reply -> {
              onAnotherThread(() -> assertRefused(reply));
              reply.data(DATA);
            });
    assertThat(Served.bytes(answer)).isEqualTo(DATA);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, -1, -13, 512, 100_000, Integer.MIN_VALUE, Integer.MAX_VALUE})
  void whatIsNoErrnoBecomesEio(int wrong) throws InterruptedException {
    assertThat(read(Execution.INLINE, reply -> reply.error(wrong)).error()).isEqualTo(-Errno.EIO);
    Consumer<DataReply> throwing =
        reply -> {
          throw new FuseException(wrong);
        };
    assertThat(read(Execution.INLINE, throwing).error()).isEqualTo(-Errno.EIO);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 13, 133, 511})
  void errnosReachTheKernelAsTheyAre(int errno) throws InterruptedException {
    assertThat(read(Execution.INLINE, reply -> reply.error(errno)).error()).isEqualTo(-errno);
  }

  @Test
  void aCallerThatNoLongerWaitsIsReported() {
    List<Boolean> delivered = new ArrayList<>();
    List<DataReply> kept = new ArrayList<>();
    try (Served served = new Served(new Reading(Execution.VIRTUAL, r -> kept.add(r.later())))) {
      served.transport.deliver(Frames.read(2, 4096));
      assertThat(served.transport.abandon(2)).isTrue();
      delivered.add(kept.getFirst().data(DATA));
      assertThat(served.transport.poll()).isNull();
    }
    assertThat(delivered).containsExactly(false);
    assertThat(logs.messages()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Execution.class)
  void anUnansweredReplyIsRevokedWhenTheConnectionEnds(Execution execution) {
    List<DataReply> kept = new ArrayList<>();
    try (Served served = new Served(new Reading(execution, r -> kept.add(r.later())))) {
      served.transport.deliver(Frames.read(2, 4096));
      served.transport.disconnect();
      assertThat(served.transport.drain(0)).isFalse();
      assertRefused(kept.getFirst());
      assertThat(served.transport.slotsInUse()).isZero();
      assertThat(served.transport.abandon(2)).isTrue();
      served.transport.close();
      assertRefused(kept.getFirst());
    }
  }

  @Test
  void aFutureAnswersWithItsResultOrItsError() throws InterruptedException {
    assertThat(later(CompletableFuture.completedFuture(DATA)).error()).isZero();
    assertThat(later(CompletableFuture.failedFuture(new FuseException(Errno.EROFS))).error())
        .isEqualTo(-Errno.EROFS);
    assertThat(later(CompletableFuture.failedFuture(new TimeoutException())).error())
        .isEqualTo(-Errno.ETIMEDOUT);
    assertThat(logs.messages()).isEmpty();
    Throwable wrapped = new CompletionException(new IllegalArgumentException("of the future"));
    assertThat(later(CompletableFuture.failedFuture(wrapped)).error()).isEqualTo(-Errno.EIO);
    assertThat(logs.messages()).containsExactly("an answer failed");
  }

  private static Message later(CompletableFuture<byte[]> future) throws InterruptedException {
    return read(
        Execution.INLINE,
        reply -> Later.complete(future, reply.later(), (bytes, answer) -> answer.data(bytes)));
  }

  @Test
  void requestsThatNobodyMayRunAreAnsweredWithEio() throws InterruptedException {
    try (Served served =
        new Served(
            new Reading(Execution.VIRTUAL, DataReply::endOfFile),
            task -> {
              throw new RejectedExecutionException();
            })) {
      assertThat(served.ask(Frames.read(2, 10)).error()).isEqualTo(-Errno.EIO);
    }
  }
}
