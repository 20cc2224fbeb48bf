package io.fusewire.transport;

import org.jspecify.annotations.Nullable;

/**
 * What a transport and its slots tell the engine; implemented by the scheduler. Called on the
 * transport's threads unless said otherwise.
 */
public interface RequestListener {
  /** What becomes of a request that has come in. */
  enum Arrival {
    /** Serve it on this thread; it will not block. */
    INLINE,

    /** Serve it on this thread, after another one took over reading: it may block. */
    HERE,

    /** The engine has taken the slot: it comes back to its pool by itself. */
    TAKEN
  }

  /**
   * The transport has its slots. Called once, before anything else.
   *
   * @param wake has a waiting thread of the transport ask {@link #next} and {@link #mayRead} again;
   *     never blocks, and calls nothing here
   */
  void started(SlotPool slots, Runnable wake);

  /** A request with a good frame came in. */
  Arrival arrived(RequestSlot slot);

  /**
   * Runs the handler on the calling thread.
   *
   * @return true when the slot is free again, false when it belongs to a later answer
   */
  boolean serve(RequestSlot slot);

  /** A request that waited for a thread of the transport, to be served by the caller, or null. */
  @Nullable RequestSlot next();

  /** Whether {@link #next} may have something; cheap, never blocks. */
  boolean hasWork();

  /** False while so much is in flight that nothing more should be read; cheap, never blocks. */
  boolean mayRead();

  /**
   * Waits until {@link #mayRead}.
   *
   * @return false when it still may not after this time
   */
  boolean awaitMayRead(long nanos);

  /** A request was refused before it arrived: its frame is bad, or its opcode is unknown. */
  void rejected(int opcode, int errno);

  /**
   * An answer was written, on the thread that wrote it.
   *
   * @param errno 0 or positive
   * @param bytes of the reply
   */
  void answered(RequestSlot slot, int errno, long bytes);

  /**
   * A good answer did not reach the kernel: what it gave must be taken back.
   *
   * @param late the library had answered before
   */
  void undelivered(RequestSlot slot, boolean late);

  /** The answer is going to come later, perhaps from another thread. */
  void detached(RequestSlot slot);

  /** A handler that had returned without an answer has it now: the slot goes back to its pool. */
  void released(RequestSlot slot);

  /** No answer ever came, on the handler's or the garbage collector's thread. */
  void lost(RequestSlot slot);

  /** A request begins to wait for another one; false when it must keep its place. */
  boolean waits(RequestSlot slot);

  /** The store behind the file system asks for less. */
  void throttled(long retryAfterNanos);

  /** A cancel hook is to be called, on a thread that may block. */
  void cancel(Runnable hook);

  /** The connection is over: no more requests come. Called once, on the last reader thread. */
  void ended();
}
