package io.fusewire.transport.uring;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.ChannelCalls;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.IovecBuffer;
import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.transport.LargeRequests;
import io.fusewire.transport.OwnedThreads;
import io.fusewire.transport.RequestListener;
import io.fusewire.transport.SlotPool;
import io.fusewire.wire.Errno;
import io.fusewire.wire.struct.UringStructs;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * One ring with its entries, and what its thread does: it runs the handlers that never block, the
 * small requests first, and sends the answers of all. One call into the kernel sends the answers
 * that are ready and brings the next requests.
 *
 * <p>Answers that other threads give are left on a stack; whoever leaves one wakes the thread when
 * it sleeps. The thread says that it is going to sleep before it looks at the stack for the last
 * time, so one sees the other.
 */
final class RingThread {
  private static final System.Logger LOG = System.getLogger("io.fusewire");
  private static final VarHandle RETURNED;

  /** Small requests that may be served before a large one that waits. */
  private static final int ROUNDS_MAX = 8;

  /** How many failing waits in a row end the connection. */
  private static final int ERRORS_MAX = 16;

  private static final int EFD_CLOEXEC = 0x80000;

  /** Where the number lies that wakes, in the memory for waking. */
  private static final long ONE = 64;

  private static final int CPU_MASK_BYTES = 1024;

  static {
    try {
      RETURNED =
          MethodHandles.lookup().findVarHandle(RingThread.class, "returned", RingEntry.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final OwnedThreads owned;
  private final ExecutorService executor;
  private final int cpu;
  private final int fuse;
  private final Faults faults;
  private final RingEntry[] entries;
  private final int wakeId;
  private final MemorySegment wakeBuffer = NativeMemory.allocate(4096);
  private final EntryQueue small;
  private final EntryQueue large;
  private @Nullable Ring ring;
  private int eventFd = -1;
  private @Nullable Thread thread;
  private int withKernel;
  private int roundsPassed;
  private int errors;
  private volatile boolean sleeping;
  private volatile boolean over;
  private volatile @Nullable RingEntry returned;

  /**
   * A thread without anything to do yet.
   *
   * @param name of the thread
   * @param cpu to stay on
   * @param fuse the descriptor of {@code /dev/fuse}
   * @param queues the kernel's queues it serves, each with how many entries
   * @param bytes memory of an entry
   */
  RingThread(String name, int cpu, int fuse, List<Queue> queues, long bytes, Faults faults) {
    owned = new OwnedThreads(Thread.ofPlatform().name(name));
    executor = Executors.newSingleThreadExecutor(owned);
    this.cpu = cpu;
    this.fuse = fuse;
    this.faults = faults;
    entries = new RingEntry[queues.stream().mapToInt(Queue::depth).sum()];
    int id = 0;
    for (Queue queue : queues) {
      for (int i = 0; i < queue.depth(); i++) {
        entries[id] = new RingEntry(this, queue.number(), id, bytes);
        id++;
      }
    }
    wakeId = entries.length;
    wakeBuffer.set(ValueLayout.JAVA_LONG, ONE, 1);
    small = new EntryQueue(entries.length);
    large = new EntryQueue(entries.length);
  }

  /** A queue of the kernel and how many requests it may have here at a time. */
  record Queue(int number, int depth) {}

  /** Runs something on this thread and waits for it. */
  int call(Callable<Integer> task) throws IOException {
    try {
      return executor.submit(task).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException cause) {
        throw cause;
      }
      throw new IllegalStateException("a ring could not be set up", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LinuxException("interrupted while the rings were set up");
    }
  }

  /** Runs something on this thread. */
  void execute(Runnable task) {
    executor.execute(task);
  }

  private Ring ring() {
    return Objects.requireNonNull(ring, "the ring is not open");
  }

  // ---- the start, on the ring's thread -------------------------------------------------------

  /**
   * Makes the ring; from here on all but {@link #commit} and {@link #end} is this thread's.
   *
   * @return 0
   */
  int open() throws LinuxException {
    thread = Thread.currentThread();
    pin();
    eventFd =
        LinuxException.check(
            ChannelCalls.eventfd(0, EFD_CLOEXEC),
            "eventfd",
            "The limit of open files (ulimit -n) may be reached.");
    ring = Ring.open(faults.atOpen(cpu) ? 0 : entries.length + 2, fuse);
    return 0;
  }

  private void pin() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment mask = arena.allocate(CPU_MASK_BYTES, Long.BYTES);
      long word = cpu / Long.SIZE * (long) Long.BYTES;
      mask.set(ValueLayout.JAVA_LONG, word, 1L << cpu % Long.SIZE);
      int result = ProcessCalls.schedSetaffinity(0, CPU_MASK_BYTES, mask.address());
      if (result < 0) {
        LOG.log(
            System.Logger.Level.INFO,
            "a ring thread may not stay on CPU {0} ({1}); it works, more slowly",
            cpu,
            Errno.describe(-result));
      }
    }
  }

  /**
   * Registers the entries. With the last queue's first one the kernel begins to use the rings.
   *
   * @return 0, or the errno, positive, with which a queue stayed without any entry
   */
  int register() {
    Ring open = ring();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment vectors = arena.allocate(2 * IovecBuffer.BYTES, Long.BYTES);
      int errno = 0;
      int queue = -1;
      for (RingEntry entry : entries) {
        if (entry.queue == queue && errno != 0) {
          continue; // as deep as it became
        }
        errno = register(open, entry, vectors);
        if (errno != 0 && entry.queue != queue) {
          return errno;
        }
        queue = entry.queue;
      }
    }
    return 0;
  }

  private int register(Ring open, RingEntry entry, MemorySegment vectors) {
    long address = entry.kernelSide().address();
    long payload = RingSlot.payloadOffset();
    IovecBuffer.BASE.set(vectors, 0, address + RingSlot.HEADERS);
    IovecBuffer.LENGTH.set(vectors, 0, UringStructs.HEADERS.size());
    IovecBuffer.BASE.set(vectors, IovecBuffer.BYTES, address + payload);
    IovecBuffer.LENGTH.set(vectors, IovecBuffer.BYTES, entry.kernelSide().byteSize() - payload);
    if (faults.atRegister(entry.queue, entry.id)) {
      open.spoil(entry.id);
    } else {
      open.register(entry.queue, vectors.address(), entry.id);
    }
    withKernel++;
    int result = open.enter(0);
    if (result < 0) {
      withKernel--;
      return -result;
    }
    return registered(open, entry);
  }

  /** What became of the registration just made: only a failure completes at once. */
  private int registered(Ring open, RingEntry entry) {
    if (open.hasCompletion() && open.completed() == entry.id && open.result() < 0) {
      int errno = -open.result();
      open.advance();
      withKernel--;
      return errno;
    }
    return 0;
  }

  /**
   * Has the kernel give up io_uring for this mount, before all queues are registered.
   *
   * @return 0 or a negative errno
   */
  int spoil() {
    Ring open = ring();
    open.spoil(wakeId);
    return open.enter(0);
  }

  // ---- serving, on the ring's thread ---------------------------------------------------------

  /** Makes the slots; before any thread serves. */
  void makeSlots(SlotPool pool) {
    for (RingEntry entry : entries) {
      entry.open(pool);
    }
  }

  /**
   * Serves until the connection is over and the kernel has given all entries back.
   *
   * @return false when the ring failed before
   */
  boolean serve(RequestListener engine) {
    Ring open = ring();
    open.read(eventFd, wakeBuffer.address(), wakeId);
    while (!over || withKernel > 0) {
      takeReturned();
      boolean idle = !hasWork(engine);
      if (idle) {
        sleeping = true;
        idle = returned == null && !hasWork(engine) && !(over && withKernel == 0);
      }
      int refused = faults.atEnter(cpu);
      int result = refused != 0 ? refused : open.enter(idle ? 1 : 0);
      sleeping = false;
      if (result < 0 && result != -Errno.EINTR && isPersistent(result)) {
        break;
      }
      harvest(open);
      serveSome(engine);
    }
    boolean ended = over;
    over = true;
    while (!small.isEmpty()) {
      small.take().slot().goHome();
    }
    while (!large.isEmpty()) {
      large.take().slot().goHome();
    }
    return ended;
  }

  private boolean hasWork(RequestListener engine) {
    return !(small.isEmpty() && large.isEmpty()) && engine.mayRead();
  }

  private boolean isPersistent(int result) {
    errors++;
    LOG.log(
        System.Logger.Level.ERROR,
        "io_uring_enter failed ({0} of {1} tries): {2}",
        errors,
        ERRORS_MAX,
        Errno.describe(-result));
    return errors >= ERRORS_MAX;
  }

  private void harvest(Ring open) {
    while (open.hasCompletion()) {
      int id = open.completed();
      int result = open.result();
      open.advance();
      if (id == wakeId) {
        open.read(eventFd, wakeBuffer.address(), wakeId);
      } else if (result == 0) {
        withKernel--;
        errors = 0;
        received(entries[id]);
      } else {
        refused(entries[id], -result);
      }
    }
  }

  private void received(RingEntry entry) {
    RingSlot slot = entry.slot();
    if (!slot.take()) {
      slot.goHome();
    } else if (LargeRequests.isLarge(slot)) {
      large.add(entry);
    } else {
      small.add(entry);
    }
  }

  /** The kernel takes an entry back without a request, or did not take an answer. */
  private void refused(RingEntry entry, int errno) {
    withKernel--;
    switch (errno) {
      case Errno.EAGAIN, Errno.EINTR -> commit(entry);
      case Errno.ENOTCONN, Errno.ECONNABORTED, Errno.ENODEV, Errno.ECANCELED -> over = true;
      default ->
          LOG.log(
              System.Logger.Level.ERROR,
              "queue {0} loses an entry: the kernel refused an answer with {1}",
              entry.queue,
              Errno.describe(errno));
    }
  }

  /** All small requests, then one large one; the others wait until the answers are sent. */
  private void serveSome(RequestListener engine) {
    boolean served = false;
    while (!small.isEmpty() && engine.mayRead()) {
      serve(engine, small.take());
      served = true;
    }
    roundsPassed = served && !large.isEmpty() ? roundsPassed + 1 : ROUNDS_MAX;
    if (roundsPassed >= ROUNDS_MAX && !large.isEmpty() && engine.mayRead()) {
      roundsPassed = 0;
      serve(engine, large.take());
    }
  }

  private static void serve(RequestListener engine, RingEntry entry) {
    RingSlot slot = entry.slot();
    if (engine.arrived(slot) != RequestListener.Arrival.TAKEN && engine.serve(slot)) {
      slot.goHome();
    }
    boolean _ = Thread.interrupted(); // what a handler left behind must not disturb our waits
  }

  private void takeReturned() {
    RingEntry entry = returned == null ? null : (RingEntry) RETURNED.getAndSet(this, null);
    while (entry != null) {
      RingEntry next = entry.below;
      entry.below = null;
      send(entry);
      entry = next;
    }
  }

  private void send(RingEntry entry) {
    if (!over) {
      withKernel++;
      ring().commit(entry.queue, entry.commitId, entry.id);
    }
  }

  // ---- from other threads --------------------------------------------------------------------

  /** Sends the answer that lies in an entry, soon. For any thread. */
  @SuppressWarnings("ReferenceEquality") // threads are the same or not
  void commit(RingEntry entry) {
    if (Thread.currentThread() == thread) {
      send(entry);
      return;
    }
    RingEntry top;
    do {
      top = returned;
      entry.below = top;
    } while (!RETURNED.compareAndSet(this, top, entry));
    wake();
  }

  /** Has the thread look at what has changed. For any thread; never blocks. */
  void wake() {
    if (sleeping) {
      synchronized (wakeBuffer) { // against closing
        if (eventFd >= 0) {
          FileCalls.write(eventFd, wakeBuffer.address() + ONE, Long.BYTES);
        }
      }
    }
  }

  /** The connection is over: the thread ends once the kernel has given back what it has. */
  void end() {
    over = true;
    wake();
  }

  boolean isOver() {
    return over;
  }

  // ---- the end -------------------------------------------------------------------------------

  /**
   * Ends the thread, which serves no more, and gives everything back.
   *
   * @param pool that has the slots, or null when there are none
   */
  void close(@Nullable SlotPool pool) {
    executor.execute(this::closeRing);
    executor.close();
    try {
      owned.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    free(pool);
  }

  /** Closes the ring, on its thread; the kernel then touches the memory no more. */
  private void closeRing() {
    if (ring != null) {
      ring.close();
      ring = null;
    }
  }

  /** Gives the memory back; the ring is closed. */
  private void free(@Nullable SlotPool pool) {
    for (RingEntry entry : entries) {
      entry.close(pool);
    }
    synchronized (wakeBuffer) {
      if (eventFd >= 0) {
        FileCalls.close(eventFd);
        eventFd = -1;
      }
    }
    NativeMemory.free(wakeBuffer);
  }
}
