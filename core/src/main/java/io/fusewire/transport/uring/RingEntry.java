package io.fusewire.transport.uring;

import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.linux.sys.SharedMemory;
import io.fusewire.transport.SlotPool;
import java.lang.foreign.MemorySegment;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place for one request at a time, registered with the kernel for one of its queues. The kernel
 * knows one address of its memory, {@code kernelSide}; the slot that serves it has another one. So
 * a request can be taken away from a handler that does not end: the kernel's address gets fresh
 * memory with a slot of its own, and the handler keeps what it has.
 *
 * <p>Used by the thread of its ring, and by whoever has the right to answer its request.
 */
final class RingEntry {
  /** The kernel's queue: the number of a CPU. */
  final int queue;

  /** Its number among the entries of its ring. */
  final int id;

  private final RingThread owner;
  private final MemorySegment memory;
  private final MemorySegment kernelSide;
  private @Nullable RingSlot slot;

  /** Names the request in its answer. */
  long commitId;

  /** The entry below in the stack of those that came back from other threads. */
  @Nullable RingEntry below;

  /** Takes memory for an entry that is not registered yet. */
  RingEntry(RingThread owner, int queue, int id, long bytes) {
    this.owner = owner;
    this.queue = queue;
    this.id = id;
    memory = SharedMemory.allocate(bytes);
    kernelSide = SharedMemory.alias(memory);
  }

  /** The memory at the kernel's address. */
  MemorySegment kernelSide() {
    return kernelSide;
  }

  /** Makes the first slot. */
  void open(SlotPool pool) {
    RingSlot made = new RingSlot(pool, this, memory);
    slot = made;
    pool.addGuest(made);
  }

  /** The slot of the request that has come; only on the ring's thread. */
  RingSlot slot() {
    return Objects.requireNonNull(slot, "the ring was not started");
  }

  /** The answer is in place: sends it, which asks for the next request. For any thread. */
  void commit() {
    owner.commit(this);
  }

  /** True when nothing can be sent any more. */
  boolean isOver() {
    return owner.isOver();
  }

  /**
   * Answers in the place of a slot whose handler goes on.
   *
   * @param unique of the request
   * @param error 0 or a negative errno
   * @param payload the result, or null for none
   */
  void answerWithout(SlotPool pool, long unique, int error, @Nullable MemorySegment payload) {
    MemorySegment fresh = SharedMemory.allocate(memory.byteSize());
    RingSlot made = new RingSlot(pool, this, fresh);
    made.answer(unique, error, payload);
    SharedMemory.redirect(kernelSide, fresh);
    pool.addGuest(made);
    slot = made;
    commit();
  }

  /** Gives the memory back, as far as nobody looks at it any more: the ring is closed. */
  void close(@Nullable SlotPool pool) {
    NativeMemory.free(kernelSide);
    if (slot == null || pool == null) {
      NativeMemory.free(memory);
    } else {
      pool.removeGuest(slot);
    }
  }
}
