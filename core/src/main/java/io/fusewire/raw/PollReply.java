package io.fusewire.raw;

/** The answer to POLL. */
public final class PollReply extends Reply {
  PollReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public PollReply later() {
    return (PollReply) detach();
  }

  /** Answers with the events that are ready now (poll(2)). */
  public boolean events(int ready) {
    sink.check(this);
    Poll.OUT_REVENTS.set(sink.result(), sink.resultOffset(), ready);
    Poll.OUT_PADDING.set(sink.result(), sink.resultOffset(), 0);
    return sink.send(this, Poll.OUT_BYTES);
  }
}
