package io.fusewire.raw;

import io.fusewire.wire.flag.OpenFlags;
import io.fusewire.wire.struct.OpenOut;
import java.lang.foreign.MemorySegment;

/** Puts the result of an open into reply memory, and has chosen whether it has a backing file. */
final class OpenWriter {
  /** What goes together with PASSTHROUGH; with anything else the kernel refuses the open. */
  private static final int WITH_BACKING =
      OpenFlags.DIRECT_IO | OpenFlags.PARALLEL_DIRECT_WRITES | OpenFlags.NOFLUSH;

  private final Reply reply;
  private int descriptor;
  private long notedFor = -1; // a generation: what was noted for one request is not for the next

  OpenWriter(Reply reply) {
    this.reply = reply;
  }

  /** Notes which file may back the node that is opened. */
  void back(int file) {
    reply.sink.check(reply);
    descriptor = file;
    notedFor = reply.generation();
  }

  /**
   * Chooses for a file that is opened.
   *
   * @param flags of {@link OpenFlags}
   * @return the backing id, or {@link Backing#NO_ID}
   */
  int choose(long nodeId, int flags) {
    Backing backing = reply.sink.policy().backing();
    if (backing == null) {
      return Backing.NO_ID;
    }
    // With DIRECT_IO reads and writes would still come here: no reason to begin with it.
    boolean mayBegin = notedFor == reply.generation() && (flags & OpenFlags.DIRECT_IO) == 0;
    return backing.opening(
        nodeId, Open.flags(reply.sink.frame()), mayBegin ? descriptor : Backing.NO_DESCRIPTOR);
  }

  static void open(MemorySegment memory, long base, long fileHandle, int flags, int backingId) {
    boolean backed = backingId != Backing.NO_ID;
    OpenOut.FH.set(memory, base, fileHandle);
    OpenOut.OPEN_FLAGS.set(
        memory, base, backed ? (flags & WITH_BACKING) | OpenFlags.PASSTHROUGH : flags);
    OpenOut.BACKING_ID.set(memory, base, backingId);
  }

  /** Sends the answer that was written; what was chosen ends when nothing was sent at all. */
  boolean send(long nodeId, int resultBytes) {
    Backing backing = reply.sink.policy().backing();
    if (backing == null) {
      return reply.sink.send(reply, resultBytes);
    }
    int openFlags = Open.flags(reply.sink.frame());
    try {
      return reply.sink.send(reply, resultBytes);
    } catch (IllegalStateException e) { // answered by another thread just now, or closed
      backing.closed(nodeId, openFlags);
      throw e;
    }
  }
}
