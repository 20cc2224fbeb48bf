package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.OpenOut;

/** The answer to OPEN and OPENDIR. */
public final class OpenReply extends Reply {
  private final OpenWriter writer = new OpenWriter(this);

  OpenReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public OpenReply later() {
    return (OpenReply) detach();
  }

  /**
   * Has the kernel itself read, write and map this file instead of the one that is opened, if it
   * can; call {@link #open} next, on the same object. Without PASSTHROUGH in {@link Negotiation},
   * without the right to it, with DIRECT_IO, or while the node is open otherwise, the open is an
   * ordinary one, so READ and WRITE must be served as well. Everything else still comes here, and
   * RELEASE as always. Opens of a node that is open on a backing file join it by themselves.
   *
   * @param descriptor of a regular file, the same one for all opens of a node; O_PATH is enough. It
   *     may be closed after the answer, and the kernel checks no permission with it
   */
  public OpenReply openBacking(int descriptor) {
    writer.back(descriptor);
    return this;
  }

  /**
   * Answers with a file handle that the kernel sends back with every use of the open file.
   *
   * @param flags of {@link io.fusewire.wire.flag.OpenFlags}
   * @return false when nobody waits any more: a RELEASE (RELEASEDIR) has closed it
   */
  public boolean open(long fileHandle, int flags) {
    sink.check(this);
    boolean file = sink.frame().opcode() == Opcode.OPEN.number();
    if (!file) {
      OpenWriter.open(sink.result(), sink.resultOffset(), fileHandle, flags, Backing.NO_ID);
      return sink.send(this, OpenOut.SIZE);
    }
    int all = flags | sink.policy().openFlags();
    long nodeId = sink.frame().nodeId();
    int backingId = writer.choose(nodeId, all);
    OpenWriter.open(sink.result(), sink.resultOffset(), fileHandle, all, backingId);
    return writer.send(nodeId, OpenOut.SIZE);
  }

  /**
   * Answers that opening needs no work: ENOSYS, and the kernel uses file handle 0. Where the
   * mount's options give every file open flags, such as direct_io, the answer carries them instead.
   */
  public boolean noWork() {
    boolean file = sink.frame().opcode() == Opcode.OPEN.number();
    boolean flagged = file && sink.policy().openFlags() != 0;
    return flagged ? open(0, 0) : error(Errno.ENOSYS);
  }
}
