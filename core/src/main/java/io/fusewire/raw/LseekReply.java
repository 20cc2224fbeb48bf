package io.fusewire.raw;

/** The answer to LSEEK. */
public final class LseekReply extends Reply {
  LseekReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public LseekReply later() {
    return (LseekReply) detach();
  }

  /** Answers with an offset in bytes from the file's start. */
  public boolean offset(long offset) {
    sink.check(this);
    Lseek.OUT_OFFSET.set(sink.result(), sink.resultOffset(), offset);
    return sink.send(this, Lseek.OUT_BYTES);
  }
}
