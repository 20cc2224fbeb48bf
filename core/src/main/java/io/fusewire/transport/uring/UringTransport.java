package io.fusewire.transport.uring;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.SlotPool;
import io.fusewire.transport.SlotSettings;
import io.fusewire.transport.Threads;
import io.fusewire.transport.Transport;
import io.fusewire.transport.dev.DevFuseTransport;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The transport on FUSE-over-io_uring: one ring and one thread for each CPU, on which the requests
 * of that CPU's callers are served. INIT, FORGET, INTERRUPT and what was sent before the rings were
 * there come on {@code /dev/fuse}, which one thread reads. Where rings cannot be had, all of it
 * comes there, and this is the transport on {@code /dev/fuse}.
 *
 * <p>All that may fail is made before INIT is answered. After that only the registration can fail;
 * the kernel then gives io_uring up for the mount (see {@code fuse_uring_cmd} in the kernel's
 * fs/fuse/dev_uring.c).
 */
public final class UringTransport implements Transport {
  /** A queue has at least so many unless said otherwise. */
  private static final int DEPTH_USUAL_MIN = 16;

  /** A queue has at most so many unless said otherwise. */
  private static final int DEPTH_USUAL_MAX = 128;

  /** The deepest queue. */
  public static final int DEPTH_MAX = 1024;

  /** Attributes and lists of them need this much, however small reads and writes are. */
  private static final int PAYLOAD_BYTES_MIN = 64 * 1024;

  private static final int SPARE_BYTES = 8192;

  /** A CPU that is not there has its queue all the same, and may come. */
  private static final int DEPTH_ABSENT = 1;

  private static final int MIB_SHIFT = 20;

  private final int fd;
  private final String name;
  private final Depth wanted;
  private final Callable<CpuList> cpus;
  private final Faults faults;
  private final Runnable abort;
  private final DevFuseTransport device;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private final List<RingThread> rings = new ArrayList<>();
  private @Nullable SlotPool slots;
  private int depth;
  private boolean active;
  private String ringDescription = "";

  /**
   * How many requests a CPU may have in flight. Memory is used where requests have been: the kernel
   * takes the entry that was used last.
   *
   * @param each for each CPU; 0 shares the requests out
   * @param requests that may be in flight together
   */
  public record Depth(int each, int requests) {
    private int of(int cpus) {
      return each > 0 ? each : Math.clamp(requests / cpus, DEPTH_USUAL_MIN, DEPTH_USUAL_MAX);
    }
  }

  /**
   * A transport that is not started.
   *
   * @param fd of a mounted {@code /dev/fuse}
   * @param name of the mount, for thread names
   * @param abort ends the connection by force
   */
  public UringTransport(int fd, String name, Depth depth, Runnable abort) {
    this(fd, name, depth, abort, CpuList::ofThisMachine, Faults.NONE);
  }

  UringTransport(
      int fd, String name, Depth depth, Runnable abort, Callable<CpuList> cpus, Faults faults) {
    this.cpus = cpus;
    this.faults = faults;
    this.fd = fd;
    this.name = name;
    this.wanted = depth;
    this.abort = abort;
    this.device = new DevFuseTransport(fd, name);
  }

  // ---- getting the rings -------------------------------------------------------------------

  @Override
  public boolean wantsRings() {
    return true;
  }

  @Override
  public @Nullable String prepareRings(int payloadBytes) {
    if (payloadBytes < PAYLOAD_BYTES_MIN) {
      return "Requests of "
          + payloadBytes
          + " bytes leave no room for extended attributes in a ring: write max_write="
          + PAYLOAD_BYTES_MIN
          + " or more.";
    }
    try {
      CpuList present = cpus();
      depth = wanted.of(present.online().size());
      makeRings(present, payloadBytes);
      for (RingThread ring : rings) {
        ring.call(ring::open);
      }
      ringDescription = describe(present, payloadBytes);
      return null;
    } catch (IOException | OutOfMemoryError e) {
      closeRings(null);
      return e.getMessage() + ".";
    }
  }

  private CpuList cpus() throws IOException {
    try {
      return cpus.call();
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the CPUs of this machine are not known: " + e, e);
    }
  }

  private String describe(CpuList present, int payloadBytes) {
    long most = (long) present.online().size() * depth * (payloadBytes + SPARE_BYTES);
    return "io_uring, "
        + present.possible().size()
        + " queues of "
        + depth
        + " requests, at most "
        + (most >> MIB_SHIFT)
        + " MiB";
  }

  private void makeRings(CpuList present, int payloadBytes) {
    long bytes = RingSlot.memoryBytes(payloadBytes, SPARE_BYTES);
    List<RingThread.Queue> absent =
        present.possible().stream()
            .filter(cpu -> !present.online().contains(cpu))
            .map(cpu -> new RingThread.Queue(cpu, DEPTH_ABSENT))
            .toList();
    for (int cpu : present.online()) {
      List<RingThread.Queue> queues = new ArrayList<>();
      queues.add(new RingThread.Queue(cpu, depth));
      if (rings.isEmpty()) {
        queues.addAll(absent);
      }
      String thread = "fusewire-" + name + "-ring-" + cpu;
      rings.add(new RingThread(thread, cpu, fd, queues, bytes, faults));
    }
  }

  @Override
  public @Nullable String openRings() {
    int errno = 0;
    try {
      for (int i = 0; i < rings.size() && errno == 0; i++) {
        RingThread ring = rings.get(i);
        errno = ring.call(ring::register);
      }
      if (errno == 0) {
        active = true;
        return null;
      }
      RingThread any = rings.getFirst();
      any.call(any::spoil);
    } catch (IOException e) {
      closeRings(null);
      return e.getMessage() + ".";
    }
    closeRings(null);
    return "The kernel refused to register a ring: " + Errno.describe(errno) + ".";
  }

  private void closeRings(@Nullable SlotPool pool) {
    rings.forEach(ring -> ring.close(pool));
    rings.clear();
  }

  // ---- the transport -----------------------------------------------------------------------

  @Override
  public long receiveFirst(MemorySegment buffer, long timeoutNanos) throws LinuxException {
    return device.receiveFirst(buffer, timeoutNanos);
  }

  @Override
  public long send(MemorySegment message, long bytes) {
    return device.send(message, bytes);
  }

  @Override
  public String describe() {
    return active ? ringDescription : device.describe();
  }

  @Override
  public boolean servesBlocking() {
    return !active;
  }

  @Override
  public void start(SlotSettings settings, RequestListener listener, Threads readers) {
    if (!active) {
      device.start(settings, listener, readers);
      return;
    }
    SlotPool pool = device.newPool(settings, listener);
    slots = pool;
    rings.forEach(ring -> ring.makeSlots(pool));
    listener.started(pool, () -> rings.forEach(RingThread::wake));
    running.set(rings.size() + 1);
    device.startBeside(
        pool,
        listener,
        new Threads(1, "control", false),
        () -> {
          rings.forEach(RingThread::end);
          partEnded(listener);
        });
    rings.forEach(ring -> ring.execute(() -> serve(ring, listener)));
  }

  private void serve(RingThread ring, RequestListener listener) {
    boolean over = false;
    try {
      over = ring.serve(listener);
    } finally {
      if (!over) {
        abort.run(); // without this queue the mount would hang
      }
      partEnded(listener);
    }
  }

  private void partEnded(RequestListener listener) {
    if (running.decrementAndGet() == 0) {
      ended.countDown();
      listener.ended();
    }
  }

  @Override
  public boolean awaitEnd(long timeoutNanos) {
    if (!active) {
      return device.awaitEnd(timeoutNanos);
    }
    try {
      return ended.await(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public boolean drain(long timeoutNanos) {
    return device.drain(timeoutNanos); // its slots are those of the rings too
  }

  @Override
  public void close() {
    device.close();
    if (!active || ended.getCount() == 0) {
      closeRings(slots);
    }
  }
}
