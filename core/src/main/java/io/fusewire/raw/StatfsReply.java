package io.fusewire.raw;

/** The answer to STATFS. */
public final class StatfsReply extends Reply {
  StatfsReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public StatfsReply later() {
    return (StatfsReply) detach();
  }

  /** Answers with the state of the file system. */
  public boolean statfs(Statfs.Status status) {
    sink.check(this);
    Statfs.write(status, sink.result(), sink.resultOffset());
    return sink.send(this, Statfs.OUT_BYTES);
  }
}
