package io.fusewire.raw;

/** The answer to STATX: attributes with the time of birth. */
public final class StatxReply extends Reply {
  StatxReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public StatxReply later() {
    return (StatxReply) detach();
  }

  /**
   * Answers with the node's attributes.
   *
   * @param birth seconds since 1970, negative before
   * @param birthNanos nanoseconds within the second
   * @param validNanos how long the kernel may use them without asking, in nanoseconds
   */
  public boolean attributes(Attributes attributes, long birth, int birthNanos, long validNanos) {
    sink.check(this);
    Statx.write(attributes, sink);
    Statx.writeBirth(birth, birthNanos, sink);
    Statx.writeValid(sink.policy().attributeNanos(sink.frame().nodeId(), validNanos), sink);
    return sink.send(this, Statx.OUT_BYTES);
  }
}
