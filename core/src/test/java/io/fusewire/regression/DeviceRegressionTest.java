package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.Logs;
import io.fusewire.linux.sys.ChannelCalls;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.raw.ReplyPolicy;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotPool;
import io.fusewire.transport.SlotSettings;
import io.fusewire.transport.Threads;
import io.fusewire.transport.dev.DevFuseTransport;
import io.fusewire.transport.memory.Frames;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.OutHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The seed's defects with a device that fails, played by other descriptors. */
@Timeout(60)
class DeviceRegressionTest {
  private static final int AF_UNIX = 1;
  private static final int SOCK_SEQPACKET = 5;
  private static final long SECONDS_20 = TimeUnit.SECONDS.toNanos(20);
  private static final int READ_ERRORS_MAX = 16;
  private static final int BUFFER_BYTES = 4096;

  private final CountDownLatch ended = new CountDownLatch(1);

  /** Serves every request inline. */
  private abstract class Inline implements RequestListener {
    @Override
    public void started(SlotPool slots, Runnable wake) {}

    @Override
    public Arrival arrived(RequestSlot slot) {
      return Arrival.INLINE;
    }

    @Override
    public boolean hasWork() {
      return false;
    }

    @Override
    public @Nullable RequestSlot next() {
      return null;
    }

    @Override
    public boolean mayRead() {
      return true;
    }

    @Override
    public boolean awaitMayRead(long nanos) {
      return true;
    }

    @Override
    public void rejected(int opcode, int errno) {}

    @Override
    public void answered(RequestSlot slot, int errno, long bytes) {}

    @Override
    public void undelivered(RequestSlot slot, boolean late) {}

    @Override
    public void detached(RequestSlot slot) {}

    @Override
    public void released(RequestSlot slot) {}

    @Override
    public void lost(RequestSlot slot) {}

    @Override
    public boolean waits(RequestSlot slot) {
      return true;
    }

    @Override
    public void throttled(long retryAfterNanos) {}

    @Override
    public void cancel(Runnable hook) {}

    @Override
    public void ended() {
      ended.countDown();
    }
  }

  /** A transport with one reader on this descriptor. */
  private static DevFuseTransport start(int fd, RequestListener listener) {
    DevFuseTransport transport = new DevFuseTransport(fd, "regress-device");
    transport.start(
        new SlotSettings(1 << 17, 8, 0, ReplyPolicy.NONE, null),
        listener,
        new Threads(1, "reader", false));
    return transport;
  }

  /** R13: a read that always fails ends the connection after a few tries. */
  @Test
  void r13_aReadThatAlwaysFailsEndsTheConnection() throws Exception {
    int fd = Sys.opened(Path.of("/dev/null"), Open.WRONLY);
    try (Logs logs = Logs.caught()) {
      DevFuseTransport transport =
          start(
              fd,
              new Inline() {
                @Override
                public boolean serve(RequestSlot slot) {
                  throw new AssertionError("nothing can be read");
                }
              });
      assertThat(transport.awaitEnd(SECONDS_20)).isTrue();
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(logs.messages())
          .hasSizeBetween(1, READ_ERRORS_MAX)
          .allMatch(line -> line.contains("EBADF"));
      transport.close();
    } finally {
      FileCalls.close(fd);
    }
  }

  /** R12: a reply that the device never takes is given up, and the next one goes out. */
  @Test
  void r12_aReplyThatIsNeverTakenDoesNotBlockTheNext() throws Exception {
    try (Arena arena = Arena.ofShared();
        Logs logs = Logs.caught()) {
      MemorySegment pair = arena.allocate(ValueLayout.JAVA_INT, 2);
      assertThat(ChannelCalls.socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair.address())).isZero();
      int device = pair.get(ValueLayout.JAVA_INT, 0);
      int kernel = pair.get(ValueLayout.JAVA_INT, 4);
      MemorySegment junk = arena.allocate(BUFFER_BYTES);
      CountDownLatch givenUp = new CountDownLatch(1);
      DevFuseTransport transport =
          start(
              device,
              new Inline() {
                @Override
                public boolean serve(RequestSlot slot) {
                  if (slot.frame().unique() == 2) {
                    rejectWhileFull(slot, device, junk);
                    givenUp.countDown();
                  } else {
                    slot.reject(Errno.EXDEV);
                  }
                  return true;
                }
              });
      send(arena, kernel, 2);
      assertThat(givenUp.await(20, TimeUnit.SECONDS)).isTrue();
      MemorySegment reply = arena.allocate(BUFFER_BYTES, Long.BYTES);
      send(arena, kernel, 4);
      while (FileCalls.read(kernel, reply.address(), BUFFER_BYTES) != OutHeader.SIZE) {
        assertThat(OutHeader.UNIQUE.get(reply, 0)).as("junk").isZero();
      }
      assertThat(OutHeader.UNIQUE.get(reply, 0)).isEqualTo(4);
      assertThat(OutHeader.ERROR.get(reply, 0)).isEqualTo(-Errno.EXDEV);
      assertThat(logs.messages()).hasSize(1);
      assertThat(logs.messages().getFirst()).contains("GETATTR", "unique 2", "EAGAIN");
      FileCalls.close(kernel);
      assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
      transport.close();
      FileCalls.close(device);
    }
  }

  /** Answers while the socket takes nothing; afterwards it blocks as the device does. */
  private static void rejectWhileFull(RequestSlot slot, int device, MemorySegment junk) {
    int flags = FileCalls.fcntl(device, Fcntl.GETFL, 0);
    FileCalls.fcntl(device, Fcntl.SETFL, flags | Open.NONBLOCK);
    for (int bytes : new int[] {BUFFER_BYTES, 1}) {
      while (FileCalls.write(device, junk.address(), bytes) > 0) {
        Thread.onSpinWait();
      }
    }
    slot.reject(Errno.EXDEV);
    FileCalls.fcntl(device, Fcntl.SETFL, flags);
  }

  private static void send(Arena arena, int kernel, long unique) {
    byte[] request = Frames.frame(Opcode.GETATTR, unique, 16);
    MemorySegment memory = arena.allocateFrom(ValueLayout.JAVA_BYTE, request);
    assertThat(FileCalls.write(kernel, memory.address(), request.length)).isEqualTo(request.length);
  }
}
