package io.fusewire.raw;

/** The answer to BMAP. */
public final class BmapReply extends Reply {
  BmapReply(ReplySink sink) {
    super(sink);
  }

  @Override
  public BmapReply later() {
    return (BmapReply) detach();
  }

  /** Answers with the block on the device. */
  public boolean block(long block) {
    sink.check(this);
    Bmap.OUT_BLOCK.set(sink.result(), sink.resultOffset(), block);
    return sink.send(this, Bmap.OUT_BYTES);
  }
}
