package io.fusewire.transport;

/** Sees every request and reply of a session; for traces. Called on the thread that does it. */
public interface ReplyObserver {
  /** A request with a good frame came in. */
  void received(RequestSlot slot);

  /**
   * A reply is going out.
   *
   * @param error 0 or a negative errno
   * @param bytes of the whole reply
   */
  void replied(RequestSlot slot, int error, long bytes);
}
