package io.fusewire.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.metrics.SessionMetrics;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.ReplyPolicy;
import io.fusewire.schedule.Admission;
import io.fusewire.schedule.Environment;
import io.fusewire.schedule.ScheduleSettings;
import io.fusewire.schedule.Scheduler;
import io.fusewire.transport.ReplyObserver;
import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotSettings;
import io.fusewire.transport.Threads;
import io.fusewire.wire.flag.InitFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executor;

/** A file system behind a connection in memory, without a handshake. */
public final class Served implements AutoCloseable {
  public static final long INIT_FLAGS = InitFlags.SETXATTR_EXT;
  private static final int BODY_BYTES = 136 * 1024;
  private static final int SLOTS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  public final InMemoryTransport transport = new InMemoryTransport();

  /** Serves it; what is declared VIRTUAL runs on the executor. */
  public Served(RawFileSystem fileSystem, Executor executor) {
    transport.start(
        new SlotSettings(BODY_BYTES, SLOTS, INIT_FLAGS, ReplyPolicy.NONE, new Describing()),
        new Scheduler(
            fileSystem,
            ScheduleSettings.DEFAULT,
            new Environment(
                executor,
                null,
                SLOTS,
                Admission.ALL,
                new SessionMetrics(System::nanoTime, List.of()),
                null,
                System::nanoTime),
            () -> {}),
        new Threads(SLOTS, "nobody", true));
  }

  /** Serves it; what is declared VIRTUAL runs on the caller's thread. */
  public Served(RawFileSystem fileSystem) {
    this(fileSystem, Runnable::run);
  }

  /** Reads every field of every request, as a trace does. */
  private static final class Describing implements ReplyObserver {
    @Override
    public void received(RequestSlot slot) {
      assertThat(slot.request().toString()).startsWith(slot.operation().toString());
      assertThat(slot.request().supplementaryGroupCount()).isNotNegative();
    }

    @Override
    public void replied(RequestSlot slot, int error, long bytes) {}
  }

  /** Delivers a request and gives the one answer to it. */
  public Message ask(byte[] request) throws InterruptedException {
    transport.deliver(request);
    Message answer = transport.poll(PATIENCE);
    assertThat(transport.poll()).as("a second answer").isNull();
    return Objects.requireNonNull(answer, "no answer");
  }

  /** Waits until no request is in the server's hands. */
  public void awaitIdle() {
    assertThat(transport.drain(PATIENCE.toNanos())).isTrue();
  }

  /** The bytes behind the header. */
  public static byte[] bytes(Message message) {
    return message.body().toArray(ValueLayout.JAVA_BYTE);
  }

  /** The body, to be read with the fields of a struct. */
  public static MemorySegment struct(Message message, long bytes) {
    assertThat(message.error()).isZero();
    assertThat(message.body().byteSize()).isEqualTo(bytes);
    return message.body();
  }

  @Override
  public void close() {
    transport.disconnect();
    assertThat(transport.slotsInUse()).as("slots in use").isZero();
    assertThat(transport.pending()).as("requests without an answer").isZero();
    transport.close();
  }
}
