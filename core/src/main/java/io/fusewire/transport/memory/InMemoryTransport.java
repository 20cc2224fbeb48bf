package io.fusewire.transport.memory;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.RequestSlot;
import io.fusewire.transport.SlotPool;
import io.fusewire.transport.SlotSettings;
import io.fusewire.transport.Threads;
import io.fusewire.transport.Transport;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a kernel: the caller plays it. It puts request frames in with {@link
 * #deliver}, on whose thread they are served, and takes replies and notifications out. Messages
 * that the kernel would refuse are refused with the same errno. Safe for all threads.
 */
public final class InMemoryTransport implements Transport {
  /** How many messages may lie ready before the handshake. */
  private static final int FIRST_MAX = 8;

  private final MessageRules rules = new MessageRules();
  private final KernelBacking backing = new KernelBacking();
  private final ArrayBlockingQueue<byte[]> first = new ArrayBlockingQueue<>(FIRST_MAX);
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean disconnected = new AtomicBoolean();
  private volatile @Nullable SlotPool slots;
  private volatile @Nullable RequestListener listener;

  /** A connection on which nothing was sent. */
  public InMemoryTransport() {}

  /**
   * Puts a message in. Before the transport is started it is kept for the handshake; afterwards it
   * is served on this thread, or handed over by it; waits while all slots are in use.
   *
   * @param request header and what follows it
   * @throws IllegalStateException after {@link #disconnect}
   */
  public void deliver(byte[] request) {
    SlotPool pool = slots;
    if (pool == null) {
      first.add(request.clone());
      return;
    }
    MemorySlot slot = disconnected.get() ? null : (MemorySlot) pool.acquire(Long.MAX_VALUE);
    if (slot == null) {
      throw new IllegalStateException("the connection is over");
    }
    serve(pool, slot, request);
  }

  /**
   * Puts a message in if the server reads just now; never waits. For a peer with a single thread
   * that must serve on; such a peer is then the only one that delivers.
   *
   * @return false when the server does not read: nothing was taken, try again when {@link
   *     #isReadable} says so
   */
  public boolean tryDeliver(byte[] request) {
    SlotPool pool = slots;
    if (pool == null || !isReadable()) {
      return false;
    }
    MemorySlot slot = (MemorySlot) pool.acquire(0);
    if (slot == null) {
      return false;
    }
    serve(pool, slot, request);
    return true;
  }

  /** True while the server would take a request at once: it runs, and a slot is free. */
  public boolean isReadable() {
    SlotPool pool = slots;
    RequestListener engine = listener;
    return pool != null
        && engine != null
        && !disconnected.get()
        && engine.mayRead()
        && pool.hasFree();
  }

  /** The longest request that the server takes, in bytes; asked while {@link #isReadable}. */
  public long requestBytesMax() {
    SlotPool pool = Objects.requireNonNull(slots, "the transport was not started");
    RequestSlot slot = Objects.requireNonNull(pool.acquire(0), "the connection is over");
    pool.release(slot);
    return slot.requestBytesMax();
  }

  private void serve(SlotPool pool, MemorySlot slot, byte[] request) {
    if (request.length > slot.requestBytesMax()) {
      pool.release(slot);
      throw new IllegalArgumentException("no buffer takes a request of " + request.length);
    }
    rules.sent(MemorySegment.ofArray(request));
    slot.put(request);
    if (isFreeAfter(slot, request.length)) {
      pool.release(slot);
    }
  }

  private boolean isFreeAfter(RequestSlot slot, int bytes) {
    if (!slot.received(bytes)) {
      return true;
    }
    RequestListener engine = Objects.requireNonNull(listener);
    return engine.arrived(slot) != RequestListener.Arrival.TAKEN && engine.serve(slot);
  }

  /** The oldest message that the server sent and nobody took, or null. */
  public @Nullable Message poll() {
    return rules.taken().poll();
  }

  /**
   * Waits for the oldest message that nobody took.
   *
   * @return null when none came in this time
   */
  public @Nullable Message poll(Duration time) throws InterruptedException {
    return rules.taken().poll(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /**
   * Ends the waiting of a request's caller, so that its answer is refused.
   *
   * @return false when it was answered already
   */
  public boolean abandon(long unique) {
    return rules.abandon(unique);
  }

  /** What the server sent that a kernel must refuse; empty for a correct one. At most 100 lines. */
  public List<String> violations() {
    List<String> all = new ArrayList<>(rules.violations());
    all.addAll(backing.violations());
    return all;
  }

  /** How many backing files are registered. */
  public int backingFiles() {
    return backing.size();
  }

  /** Refuses backing files with this errno from now on; 0 takes them. */
  public void refuseBackingFiles(int errno) {
    backing.refuse(errno);
  }

  /** How nodes are open. */
  KernelBacking backing() {
    return backing;
  }

  @Override
  public int openBacking(int descriptor) {
    return backing.open(descriptor);
  }

  @Override
  public int closeBacking(int id) {
    return backing.close(id);
  }

  /** Tells which nodes the kernel knows; notifications about others are refused with ENOENT. */
  void knownNodes(LongPredicate known) {
    rules.knownNodes(known);
  }

  /** The number of requests that wait for an answer. */
  public int pending() {
    return rules.pending();
  }

  /** The number of slots that carry a request. */
  public int slotsInUse() {
    SlotPool pool = slots;
    return pool == null ? 0 : pool.inUse();
  }

  @Override
  public String describe() {
    return "memory";
  }

  @Override
  public long receiveFirst(MemorySegment buffer, long timeoutNanos) throws LinuxException {
    byte[] message = first.poll();
    if (message == null) {
      throw new LinuxException("nobody delivered FUSE_INIT");
    }
    rules.sent(MemorySegment.ofArray(message));
    MemorySegment.copy(MemorySegment.ofArray(message), 0, buffer, 0, message.length);
    return message.length;
  }

  @Override
  public long send(MemorySegment message, long bytes) {
    MemorySegment copy = MemorySegment.ofArray(new byte[Math.toIntExact(bytes)]);
    MemorySegment.copy(message, 0, copy, 0, bytes);
    return rules.take(copy);
  }

  @Override
  public void start(SlotSettings settings, RequestListener engine, Threads threads) {
    SlotPool pool = new SlotPool(settings, engine, owner -> new MemorySlot(owner, rules));
    engine.started(pool, () -> {});
    listener = engine;
    slots = pool;
  }

  @Override
  public void disconnect() {
    if (disconnected.compareAndSet(false, true)) {
      ended.countDown();
      RequestListener engine = listener;
      if (engine != null) {
        engine.ended();
      }
    }
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
    SlotPool pool = Objects.requireNonNull(slots, "the transport was not started");
    boolean idle = pool.awaitIdle(timeoutNanos);
    pool.revokeAll();
    return idle;
  }

  @Override
  public void close() {
    SlotPool pool = slots;
    if (pool != null) {
      pool.close();
    }
  }
}
