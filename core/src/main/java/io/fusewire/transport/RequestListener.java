package io.fusewire.transport;

import io.fusewire.raw.Execution;

/** What a transport tells the engine; implemented by the scheduler. Called on reader threads. */
public interface RequestListener {
  /** Where the handler of the request in this slot runs. */
  Execution executionOf(RequestSlot slot);

  /**
   * Runs the handler on the calling thread.
   *
   * @return true when the slot is free again, false when it belongs to a later answer
   */
  boolean serve(RequestSlot slot);

  /** Has the handler run on another thread; the slot comes back to its pool by itself. */
  void submit(RequestSlot slot);

  /** The connection is over: no more requests come. Called once, on the last reader thread. */
  void ended();
}
