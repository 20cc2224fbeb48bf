package io.fusewire.raw;

import io.fusewire.wire.Errno;
import java.time.Duration;

/**
 * The answer to one request, given exactly once.
 *
 * <p>Inside the handler, on the handler's thread, answer directly. To answer later or from another
 * thread call {@code later()} before the handler returns and answer the object it gives. A handler
 * that returns without either has lost the answer: the caller gets EIO and the log names the
 * operation; the same happens when the object of {@code later()} is dropped unanswered, once the
 * garbage collector notices. A second answer throws IllegalStateException; a reply object never
 * answers any other request than its own. When the library has answered in the handler's place (an
 * interrupt, a deadline) the handler's own answer gives false, and what it gave is taken back by
 * FORGET and RELEASE on the answering thread.
 */
public abstract sealed class Reply
    permits AttrReply,
        BmapReply,
        CopyReply,
        CreateReply,
        DataReply,
        DirectoryPlusReply,
        DirectoryReply,
        EmptyReply,
        EntryReply,
        IoctlReply,
        LockReply,
        LseekReply,
        NoReply,
        OpenReply,
        PollReply,
        StatfsReply,
        StatxReply,
        WriteReply,
        XattrReply {
  final ReplySink sink;
  private long generation;

  Reply(ReplySink sink) {
    this.sink = sink;
  }

  /** Which request of its slot this reply may answer. For transports. */
  public final long generation() {
    return generation;
  }

  /** Gives this object to another request of its slot. For transports. */
  public final void renew(long newGeneration) {
    generation = newGeneration;
  }

  /**
   * Answers with an error.
   *
   * @param errno positive, such as {@link Errno#ENOENT}; what is no errno becomes EIO
   * @return false when the kernel no longer waits for this answer
   */
  public final boolean error(int errno) {
    return sink.fail(this, errno > 0 && errno < Errno.LIMIT ? errno : Errno.EIO);
  }

  /**
   * Has this called once when the caller of the request gets a signal (FUSE_INTERRUPT), at once if
   * that has happened already, on a virtual thread. The request is still to be answered, with EINTR
   * or with its result; if that takes longer than the mount's grace time, the library answers EINTR
   * and takes back what a later answer gives. One hook for each request, the last one set.
   */
  public final void onCancel(Runnable hook) {
    sink.onCancel(this, hook);
  }

  /** True when the caller of the request got a signal: an early end is welcome. */
  public final boolean isCancelled() {
    return sink.isCancelled(this);
  }

  /**
   * Says that this request now waits for another one, a reader for a writer, so that it gives up
   * its place among those that run. Such requests are bounded by the mount's {@code maxWaiting}.
   *
   * @return false when so many wait already that this one keeps its place
   */
  public final boolean waits() {
    return sink.waits(this);
  }

  /**
   * Says that the store behind the file system asks for less (HTTP 429, 503): an adaptive limit
   * goes down and stays there for this time.
   */
  public final void throttled(Duration retryAfter) {
    sink.throttled(retryAfter.toNanos());
  }

  /** This reply in a form that outlives the handler and may be answered from any thread. */
  public abstract Reply later();

  final Reply detach() {
    return sink.detach(this);
  }
}
