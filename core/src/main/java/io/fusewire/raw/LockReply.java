package io.fusewire.raw;

import io.fusewire.wire.struct.FileLock;
import java.lang.foreign.MemorySegment;

/** The answer to GETLK. */
public final class LockReply extends Reply {
  private static final int BYTES = (int) FileLock.STRUCT.size();

  LockReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public LockReply later() {
    return (LockReply) detach();
  }

  /**
   * Answers with the lock that is in the way.
   *
   * @param type F_RDLCK or F_WRLCK
   * @param pid of the holder
   */
  public boolean conflict(long start, long end, int type, int pid) {
    sink.check(this);
    MemorySegment memory = sink.result();
    long base = sink.resultOffset();
    FileLock.START.set(memory, base, start);
    FileLock.END.set(memory, base, end);
    FileLock.TYPE.set(memory, base, type);
    FileLock.PID.set(memory, base, pid);
    return sink.send(this, BYTES);
  }

  /** Answers that the lock could be taken. */
  public boolean free() {
    return conflict(0, 0, F_UNLCK, 0);
  }

  private static final int F_UNLCK = 2;
}
