package io.fusewire.raw;

import io.fusewire.wire.Errno;

/**
 * The answer to one request, given exactly once.
 *
 * <p>Inside the handler, on the handler's thread, answer directly. To answer later or from another
 * thread call {@code later()} before the handler returns and answer the object it gives. A handler
 * that returns without either has lost the answer: the caller gets EIO and the log names the
 * operation; the same happens when the object of {@code later()} is dropped unanswered, once the
 * garbage collector notices. A second answer throws IllegalStateException; a reply object never
 * answers any other request than its own.
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

  // Stands for this object in its slot, which must not keep the object itself alive.
  private final Object token = new Object();

  Reply(ReplySink sink) {
    this.sink = sink;
  }

  /** Identifies this reply for its slot. For transports. */
  public final Object token() {
    return token;
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

  /** This reply in a form that outlives the handler and may be answered from any thread. */
  public abstract Reply later();

  final Reply detach() {
    return sink.detach(this);
  }
}
