package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.OpenOut;

/** The answer to OPEN and OPENDIR. */
public final class OpenReply extends Reply {
  OpenReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public OpenReply later() {
    return (OpenReply) detach();
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
    int all = file ? flags | sink.policy().openFlags() : flags;
    OpenWriter.open(sink.result(), sink.resultOffset(), fileHandle, all);
    return sink.send(this, OpenOut.SIZE);
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
