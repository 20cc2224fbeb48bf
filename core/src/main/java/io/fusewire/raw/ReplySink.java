package io.fusewire.raw;

import io.fusewire.wire.Frame;
import java.lang.foreign.MemorySegment;

/**
 * Where a reply goes: the request's slot in its transport. For the library; file systems use the
 * reply objects.
 *
 * <p>A reply consists of a result struct built in {@link #result} and data, which is either
 * gathered from anybody's memory or produced in place in {@link #room}. On {@code /dev/fuse}
 * nothing is copied; on a ring gathered data is copied into the payload buffer once.
 */
public interface ReplySink {
  /** Throws IllegalStateException unless this reply may still be answered by this thread. */
  void check(Reply reply);

  /** The request being answered. */
  Frame frame();

  /** Memory for the result struct; {@link #resultOffset} is where it starts. */
  MemorySegment result();

  /** Where the result struct starts in {@link #result}. */
  long resultOffset();

  /** Memory in which data can be produced without a copy; not in use by the request. */
  MemorySegment room();

  /** Where the room starts in {@link #room}, page aligned. */
  long roomOffset();

  /** Bytes of room. */
  long roomBytes();

  /** Bytes of room that hold parts of the answer already. */
  long roomUsed();

  /** Marks this many more bytes of room as part of the answer. */
  void useRoom(long bytes);

  /**
   * Appends data to the reply. Native memory is read when the reply is sent and must stay alive and
   * unchanged until then; heap memory is copied now.
   */
  void gather(MemorySegment memory, long offset, long length);

  /** Bytes gathered so far. */
  long gathered();

  /**
   * Answers with a result struct of this many bytes followed by what was gathered.
   *
   * @return false when the kernel no longer waits for this answer (interrupted or aborted)
   * @throws IllegalStateException when the request was answered already
   */
  boolean send(Reply reply, int resultBytes);

  /** Answers with an error; the errno is positive, 1 to 511. */
  boolean fail(Reply reply, int errno);

  /** Makes a reply that outlives the handler's return and may be answered from any thread. */
  Reply detach(Reply reply);

  /** Has a hook called when the caller gets a signal. */
  void onCancel(Reply reply, Runnable hook);

  /** True when the caller got a signal. */
  boolean isCancelled(Reply reply);

  /** Gives the request's place up while it waits for another one; false when it cannot. */
  boolean waits(Reply reply);

  /** The store behind the file system asks for less, for so many nanoseconds. */
  void throttled(long retryAfterNanos);

  /** What the mount's options change in replies. */
  ReplyPolicy policy();
}
