package io.fusewire.transport.dev;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotPool;
import io.fusewire.transport.SlotSettings;
import io.fusewire.transport.Transport;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The transport on one descriptor of {@code /dev/fuse}, shared by its readers. The descriptor's
 * owner closes it after {@link #close}.
 */
public final class DevFuseTransport implements Transport {
  private static final short POLLIN = 1;
  private static final int POLLFD_BYTES = 8;
  private static final int REVENTS = 6;

  private final int fd;
  private final String name;
  private final int readers;
  private final ReadingDuty duty;
  private final CountDownLatch ended;
  private final AtomicInteger running;
  // Bounded by the slots: each entry is one.
  private final Queue<DevFuseSlot> waiting = new ConcurrentLinkedQueue<>();
  private final Thread[] threads;
  private @Nullable SlotPool slots;

  /**
   * A transport that is not started.
   *
   * @param fd of a mounted {@code /dev/fuse}
   * @param name of the mount, for thread names
   * @param readers the number of threads that read and serve
   * @param platform whether handlers may sit in system calls on these threads
   */
  public DevFuseTransport(int fd, String name, int readers, boolean platform) {
    this.fd = fd;
    this.name = name;
    this.readers = readers;
    this.duty = new ReadingDuty(readers, waiting, !platform);
    this.ended = new CountDownLatch(readers);
    this.running = new AtomicInteger(readers);
    this.threads = new Thread[readers];
  }

  @Override
  public long receiveFirst(MemorySegment buffer, long timeoutNanos) throws LinuxException {
    int millis = (int) TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pollfd = arena.allocate(POLLFD_BYTES, Integer.BYTES);
      pollfd.set(ValueLayout.JAVA_INT, 0, fd);
      pollfd.set(ValueLayout.JAVA_SHORT, Integer.BYTES, POLLIN);
      MemorySegment errno = ErrnoState.allocate(arena);
      while (true) {
        int ready = FileCalls.poll(pollfd.address(), 1, millis);
        if (ready == 0) {
          throw new LinuxException("the kernel sent no FUSE_INIT within " + millis + " ms");
        }
        long bytes =
            (pollfd.get(ValueLayout.JAVA_SHORT, REVENTS) & POLLIN) == 0
                ? -Errno.ENODEV
                : FileCalls.read(errno, fd, buffer.address(), buffer.byteSize());
        if (bytes >= 0) {
          return bytes;
        }
        if (bytes != -Errno.EINTR && bytes != -Errno.EAGAIN && bytes != -Errno.ENOENT) {
          throw new LinuxException(
              "read(/dev/fuse)", (int) bytes, "The mount ended before it began.");
        }
      }
    }
  }

  @Override
  public long send(MemorySegment message, long bytes) {
    return FileCalls.write(fd, message.address(), bytes);
  }

  @Override
  public void start(SlotSettings settings, RequestListener listener) {
    slots = new SlotPool(settings, this::newSlot);
    for (int i = 0; i < readers; i++) {
      threads[i] =
          Thread.ofPlatform()
              .name("fusewire-" + name + "-reader-" + i)
              .daemon(true)
              .unstarted(new DevFuseReader(i, this, listener));
      duty.seat(i, threads[i]);
    }
    for (Thread thread : threads) {
      thread.start();
    }
  }

  private RequestSlot newSlot(SlotPool pool) {
    return new DevFuseSlot(pool, fd);
  }

  ReadingDuty duty() {
    return duty;
  }

  Queue<DevFuseSlot> waiting() {
    return waiting;
  }

  /** A reader has seen the end of the connection: so will all others. */
  void readerEnded(RequestListener listener) {
    duty.end();
    ended.countDown();
    if (running.decrementAndGet() == 0) {
      listener.ended();
    }
  }

  SlotPool slots() {
    return Objects.requireNonNull(slots, "the transport was not started");
  }

  @Override
  public boolean awaitEnd(long timeoutNanos) {
    try {
      return ended.await(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public boolean drain(long timeoutNanos) {
    boolean idle = slots().awaitIdle(timeoutNanos);
    slots().revokeAll();
    return idle;
  }

  @Override
  public void close() {
    if (slots != null) {
      slots.close();
    }
    if (ended.getCount() == 0) {
      joinReaders();
    }
  }

  /** Waits for readers that have nothing more to do. */
  private void joinReaders() {
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
