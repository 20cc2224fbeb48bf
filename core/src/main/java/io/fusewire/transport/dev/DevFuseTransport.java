package io.fusewire.transport.dev;

import io.fusewire.linux.ffi.ErrnoState;
import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.DeviceCalls;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.PollBuffer;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.SlotPool;
import io.fusewire.transport.SlotSettings;
import io.fusewire.transport.Threads;
import io.fusewire.transport.Transport;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The transport on one descriptor of {@code /dev/fuse}, shared by its readers. The descriptor's
 * owner closes it after {@link #close}.
 */
public final class DevFuseTransport implements Transport {
  private final int fd;
  private final String name;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private final List<Thread> readers = new ArrayList<>();
  private @Nullable ReadingDuty duty;
  private @Nullable SlotPool slots;
  private Runnable onEnd = () -> {};
  private boolean gated = true;

  /**
   * A transport that is not started.
   *
   * @param fd of a mounted {@code /dev/fuse}
   * @param name of the mount, for thread names
   */
  public DevFuseTransport(int fd, String name) {
    this.fd = fd;
    this.name = name;
  }

  @Override
  public long receiveFirst(MemorySegment buffer, long timeoutNanos) throws LinuxException {
    int millis = (int) TimeUnit.NANOSECONDS.toMillis(timeoutNanos);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = poll(arena);
      MemorySegment errno = ErrnoState.allocate(arena);
      while (true) {
        int ready = FileCalls.poll(poll.address(), 1, millis);
        if (ready == 0) {
          throw new LinuxException("the kernel sent no FUSE_INIT within " + millis + " ms");
        }
        long bytes =
            (PollBuffer.REVENTS.get(poll, 0) & PollBuffer.POLLIN) == 0
                ? -Errno.ENODEV
                : DeviceCalls.read(errno, fd, buffer.address(), buffer.byteSize());
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
  public String describe() {
    return "/dev/fuse";
  }

  @Override
  public boolean servesBlocking() {
    return true;
  }

  @Override
  public void start(SlotSettings settings, RequestListener listener, Threads threads) {
    SlotPool pool = newPool(settings, listener);
    ReadingDuty reading = seats(listener, threads);
    listener.started(pool, reading::wakeForWork);
    startReaders(pool, listener, threads, reading, listener::ended);
  }

  /** The slots of a session whose requests may come in other ways too. */
  public SlotPool newPool(SlotSettings settings, RequestListener listener) {
    return new SlotPool(settings, listener, pool -> new DevFuseSlot(pool, fd));
  }

  /**
   * Starts the threads that read, beside another transport. They never wait until less is in
   * flight: what comes here is for control, or was sent before the other transport was there.
   *
   * @param listener has been given the slots
   * @param ended called on the last of the threads, once the connection is over
   */
  public void startBeside(
      SlotPool pool, RequestListener listener, Threads threads, Runnable ended) {
    gated = false;
    startReaders(pool, listener, threads, seats(listener, threads), ended);
  }

  private static ReadingDuty seats(RequestListener listener, Threads threads) {
    return new ReadingDuty(threads.count(), listener::hasWork, !threads.mayBlock());
  }

  private void startReaders(
      SlotPool pool,
      RequestListener listener,
      Threads threads,
      ReadingDuty reading,
      Runnable ended) {
    int count = threads.count();
    slots = pool;
    duty = reading;
    onEnd = ended;
    running.set(count);
    for (int i = 0; i < count; i++) {
      Thread thread =
          Thread.ofPlatform()
              .name("fusewire-" + name + "-" + threads.role() + "-" + i)
              .daemon(true)
              .unstarted(new DevFuseReader(i, this, listener));
      readers.add(thread);
      reading.seat(i, thread);
    }
    readers.forEach(Thread::start);
  }

  ReadingDuty duty() {
    return Objects.requireNonNull(duty, "the transport was not started");
  }

  /** Whether the connection has ended, seen without reading a request. For any thread. */
  boolean isOver() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = poll(arena);
      return FileCalls.poll(poll.address(), 1, 0) > 0
          && (PollBuffer.REVENTS.get(poll, 0) & PollBuffer.POLLERR) != 0;
    }
  }

  /** What to wait for on the device: something to read. */
  private MemorySegment poll(Arena arena) {
    MemorySegment poll = arena.allocate(PollBuffer.BYTES, Integer.BYTES);
    PollBuffer.FD.set(poll, 0, fd);
    PollBuffer.EVENTS.set(poll, 0, PollBuffer.POLLIN);
    return poll;
  }

  /** A reader has seen the end of the connection: so will all others. */
  void readerEnded() {
    duty().end();
    if (running.decrementAndGet() == 0) {
      ended.countDown();
      onEnd.run();
    }
  }

  /** False when readers do not wait until less is in flight. */
  boolean isGated() {
    return gated;
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
    for (Thread thread : readers) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
