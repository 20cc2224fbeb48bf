package io.fusewire.raw;

/** The answer to WRITE. */
public final class WriteReply extends Reply {
  WriteReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public WriteReply later() {
    return (WriteReply) detach();
  }

  /** Answers with the number of bytes that were written. */
  public boolean written(int bytes) {
    sink.check(this);
    Write.OUT_SIZE.set(sink.result(), sink.resultOffset(), bytes);
    Write.OUT_PADDING.set(sink.result(), sink.resultOffset(), 0);
    return sink.send(this, Write.OUT_BYTES);
  }
}
