package io.fusewire.raw;

/** An answer without content: the operation was done. */
public final class EmptyReply extends Reply {
  EmptyReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public EmptyReply later() {
    return (EmptyReply) detach();
  }

  /** Answers that the operation was done; false when the kernel no longer waits. */
  public boolean ok() {
    return sink.send(this, 0);
  }
}
