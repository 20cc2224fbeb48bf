package io.fusewire.raw;

import java.lang.foreign.MemorySegment;

/** The answer to IOCTL. */
public final class IoctlReply extends Reply {
  IoctlReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public IoctlReply later() {
    return (IoctlReply) detach();
  }

  /**
   * Answers with the call's result and the bytes to copy out to the caller.
   *
   * @param result what ioctl(2) returns
   */
  public boolean result(int result, MemorySegment memory, long offset, long length) {
    sink.check(this);
    if (length > 0) {
      sink.gather(memory, offset, length);
    }
    return finish(result);
  }

  /** Answers with the call's result; nothing is copied out. */
  public boolean result(int result) {
    sink.check(this);
    return finish(result);
  }

  private boolean finish(int result) {
    MemorySegment memory = sink.result();
    long base = sink.resultOffset();
    Ioctl.OUT_RESULT.set(memory, base, result);
    Ioctl.OUT_FLAGS.set(memory, base, 0);
    Ioctl.OUT_IN_IOVS.set(memory, base, 0);
    Ioctl.OUT_OUT_IOVS.set(memory, base, 0);
    return sink.send(this, Ioctl.OUT_BYTES);
  }
}
