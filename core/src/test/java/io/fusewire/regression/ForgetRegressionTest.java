package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.Logs;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.Forget;
import io.fusewire.raw.Fsync;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.transport.memory.Frames;
import io.fusewire.transport.memory.Message;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The seed's defects with forgets, INIT and DESTROY, frame by frame. */
@Timeout(60)
class ForgetRegressionTest {
  private static final int BURST = 1_000_000;
  private static final int BATCH = 100;
  private static final int IN_FLIGHT = 8;

  /** R19: a file system that knows only forget gets every entry of a batch with its count. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r19_everyEntryOfABatchArrivesWithItsCount(Mode mode) throws Exception {
    List<String> forgotten = new ArrayList<>();
    RawFileSystem forgetting =
        new RawFileSystem() {
          @Override
          public void forget(Forget.Request request) {
            forgotten.add(request.nodeId() + "x" + request.lookups());
          }
        };
    try (InMemory session = InMemory.serve(forgetting, mode)) {
      session.transport.deliver(
          Body.start().u32(3, 0).u64(7, 2, -8, 1, 9, 1L << 40).frame(Opcode.BATCH_FORGET, 4));
      session.transport.deliver(Body.start().u64(5).frame(Opcode.FORGET, 6));
      session.awaitIdle();
      assertThat(forgotten).containsExactly("7x2", "-8x1", "9x1099511627776", "1x5");
      assertThat(session.transport.poll()).isNull();
    }
  }

  /** R20: a burst of forgets queues nothing: no slot beyond the limit, no thread more. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r20_aMillionForgetsQueueNothing(Mode mode) throws Exception {
    AtomicLong forgotten = new AtomicLong();
    RawFileSystem forgetting =
        new RawFileSystem() {
          @Override
          public void forget(Forget.Request request) {
            forgotten.addAndGet(request.lookups());
          }
        };
    try (InMemory session =
        InMemory.serve(mode.layer(forgetting), mode.options().maxInFlight(IN_FLIGHT))) {
      byte[] one = Body.start().u64(1).frame(Opcode.FORGET, 4);
      Body entries = Body.start().u32(BATCH, 0);
      for (int i = 0; i < BATCH; i++) {
        entries.u64(i + 2L, 1);
      }
      byte[] batch = entries.frame(Opcode.BATCH_FORGET, 6);
      int threads = Thread.getAllStackTraces().size();
      int slotsMax = 0;
      for (int i = 0; i < BURST / 2; i++) {
        session.transport.deliver(one);
        if (i % BATCH == 0) {
          session.transport.deliver(batch);
          slotsMax = Math.max(slotsMax, session.transport.slotsInUse());
        }
      }
      session.awaitIdle();
      assertThat(forgotten).hasValue(BURST);
      assertThat(slotsMax).isLessThanOrEqualTo(IN_FLIGHT);
      assertThat(Thread.getAllStackTraces()).hasSizeLessThan(threads + IN_FLIGHT + 4);
    }
  }

  /** R21: a forget counts as in flight until its handler has ended. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r21_aForgetIsInFlightUntilItsHandlerEnds(Mode mode) throws Exception {
    List<Integer> inUse = new ArrayList<>();
    InMemory[] held = new InMemory[1];
    RawFileSystem forgetting =
        new RawFileSystem() {
          @Override
          public void forget(Forget.Request request) {
            inUse.add(held[0].transport.slotsInUse());
          }
        };
    try (InMemory session = InMemory.serve(forgetting, mode)) {
      held[0] = session;
      session.transport.deliver(
          Body.start().u32(2, 0).u64(7, 1, 8, 1).frame(Opcode.BATCH_FORGET, 4));
      session.transport.deliver(Body.start().u64(1).frame(Opcode.FORGET, 6));
      session.awaitIdle();
      assertThat(inUse).containsExactly(1, 1, 1);
    }
  }

  /**
   * R25: a second INIT and a DESTROY in the stream are answered, and destroy runs once at the end.
   */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r25_destroyRunsOnceWhateverTheStreamSays(Mode mode) throws Exception {
    AtomicInteger destroyed = new AtomicInteger();
    AtomicInteger synced = new AtomicInteger();
    RawFileSystem fileSystem =
        new RawFileSystem() {
          @Override
          public void fsync(Fsync.Request request, EmptyReply reply) {
            assertThat(destroyed).hasValue(0);
            synced.incrementAndGet();
            reply.ok();
          }

          @Override
          public void destroy() {
            destroyed.incrementAndGet();
          }
        };
    try (Logs logs = Logs.caught();
        InMemory session = InMemory.serve(fileSystem, mode)) {
      assertThat(session.ask(Body.init(45, InMemory.OFFER)).error()).isNotZero();
      Message answer = session.ask(Frames.frame(Opcode.DESTROY.number(), 4, new byte[0]));
      assertThat(answer.error()).isIn(0, -Errno.ENOSYS);
      assertThat(session.ask(Frames.frame(Opcode.FSYNC, 6, 16)).error()).isZero();
      assertThat(destroyed).hasValue(0);
      session.mount.close();
      session.mount.close();
      assertThat(logs.messages()).isEmpty();
    }
    assertThat(destroyed).hasValue(1);
    assertThat(synced).hasValue(1);
  }
}
