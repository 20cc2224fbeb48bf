package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.Logs;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.transport.memory.Frames;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The seed's defects in the life of a session that need no kernel. */
@Timeout(60)
class MountLifeRegressionTest {
  private static final int REQUESTS = 5;

  /** R37: what was queued when destroy began is never started. */
  @Test
  void r37_noHandlerStartsAfterDestroy() throws Exception {
    Queue<Runnable> queued = new ConcurrentLinkedQueue<>();
    AtomicInteger started = new AtomicInteger();
    AtomicInteger destroyed = new AtomicInteger();
    RawFileSystem fileSystem =
        new RawFileSystem() {
          @Override
          public void read(Read.Request request, DataReply reply) {
            started.incrementAndGet();
            reply.endOfFile();
          }

          @Override
          public void destroy() {
            destroyed.incrementAndGet();
          }
        };
    try (Logs logs = Logs.caught();
        InMemory session =
            InMemory.serve(
                Mode.VIRTUAL.layer(fileSystem),
                Mode.VIRTUAL
                    .options()
                    .executor(queued::add)
                    .closeTimeout(Duration.ofMillis(200)))) {
      for (int i = 0; i < REQUESTS; i++) {
        session.transport.deliver(Frames.read(4 + 2L * i, 10));
      }
      assertThat(queued).hasSize(REQUESTS);
      session.mount.close();
      assertThat(destroyed).hasValue(1);
      queued.forEach(Runnable::run);
      assertThat(started).hasValue(0);
      assertThat(logs.messages()).anyMatch(line -> line.contains("still run"));
    }
  }
}
