package io.fusewire.raw;

import io.fusewire.wire.Frame;
import java.lang.foreign.MemorySegment;

/** A sink for the answer to a request that the library made itself: nobody waits for it. */
record Nowhere(Frame frame) implements ReplySink {
  @Override
  public void check(Reply reply) {}

  @Override
  public MemorySegment result() {
    return frame.head();
  }

  @Override
  public long resultOffset() {
    return 0;
  }

  @Override
  public MemorySegment room() {
    return frame.head();
  }

  @Override
  public long roomOffset() {
    return 0;
  }

  @Override
  public long roomBytes() {
    return 0;
  }

  @Override
  public long roomUsed() {
    return 0;
  }

  @Override
  public void useRoom(long bytes) {}

  @Override
  public void gather(MemorySegment memory, long offset, long length) {}

  @Override
  public long gathered() {
    return 0;
  }

  @Override
  public boolean send(Reply reply, int resultBytes) {
    return false;
  }

  @Override
  public boolean fail(Reply reply, int errno) {
    return false;
  }

  @Override
  public Reply detach(Reply reply) {
    return reply;
  }

  @Override
  public void onCancel(Reply reply, Runnable hook) {}

  @Override
  public boolean isCancelled(Reply reply) {
    return false;
  }

  @Override
  public boolean waits(Reply reply) {
    return false;
  }

  @Override
  public void throttled(long retryAfterNanos) {}

  @Override
  public ReplyPolicy policy() {
    return ReplyPolicy.NONE;
  }
}
