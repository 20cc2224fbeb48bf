package io.fusewire.raw;

/** The reply object of messages that must not be answered. */
public final class NoReply extends Reply {
  NoReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public NoReply later() {
    return (NoReply) detach();
  }
}
