package io.fusewire.transport;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.wire.Errno;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** A way for requests to come in and replies to go out. Made, negotiated on, started, closed. */
public interface Transport {
  /**
   * Waits for the first message, which is INIT, on the calling thread.
   *
   * @return the bytes that lie in {@code buffer}
   * @throws LinuxException when none comes in time or the device refuses
   */
  long receiveFirst(MemorySegment buffer, long timeoutNanos) throws LinuxException;

  /**
   * Sends a message that answers no slot: the reply to INIT, or a notification; -errno on failure.
   */
  long send(MemorySegment message, long bytes);

  /** True when requests are to come through io_uring if the kernel lets them. */
  default boolean wantsRings() {
    return false;
  }

  /**
   * Gets ready for requests to come through io_uring, before INIT is answered.
   *
   * @param payloadBytes the largest that a request or reply carries
   * @return null when it is, else why not: a sentence
   */
  default @Nullable String prepareRings(int payloadBytes) {
    return "This transport has nothing to do with io_uring.";
  }

  /**
   * Has requests come through io_uring, after INIT was answered. When that fails they come as
   * without.
   *
   * @return null when they do, else why not: a sentence
   */
  default @Nullable String openRings() {
    return "This transport has nothing to do with io_uring.";
  }

  /** How requests come in, for people. */
  String describe();

  /** Starts the threads that read requests. */
  void start(SlotSettings settings, RequestListener listener, Threads threads);

  /** True when its threads run handlers that sit in system calls, false when executors must. */
  default boolean servesBlocking() {
    return false;
  }

  /** Registers a backing file on a connection without a device; an id, or a negative errno. */
  default int openBacking(int descriptor) {
    return -Errno.EOPNOTSUPP;
  }

  /** Gives an id of {@link #openBacking} back; 0 or a negative errno. */
  default int closeBacking(int id) {
    return -Errno.EOPNOTSUPP;
  }

  /** Ends a connection that no mount holds; a mounted device ends by its unmount. */
  default void disconnect() {}

  /**
   * Waits until the connection is over and every reader has ended.
   *
   * @return false when it is not after this time
   */
  boolean awaitEnd(long timeoutNanos);

  /**
   * Waits until all requests are answered; takes the right to answer from those that are not.
   *
   * @return false when some were not answered in this time
   */
  boolean drain(long timeoutNanos);

  /** Ends what is left: no reader runs any more. Idempotent. */
  void close();
}
