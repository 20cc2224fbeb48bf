package io.fusewire.dispatch;

/**
 * Where a mount runs the handlers of its file system. Chosen once for each mount; see
 * docs/guide/dispatch.md for which mode when.
 *
 * @param mode where handlers run
 * @param workers how many handlers run at most, for {@link Mode#WORKERS}; otherwise 0
 */
public record Dispatch(Mode mode, int workers) {
  /** The kinds of dispatch. */
  public enum Mode {
    /** On the thread that read the request. The fastest, for handlers that never block. */
    INLINE,

    /** On a fixed number of named platform threads. */
    WORKERS,

    /** Each on a virtual thread of its own. */
    VIRTUAL,

    /**
     * Each where its file system declares ({@link io.fusewire.raw.RawFileSystem#execution}); what
     * is not declared runs on a virtual thread. The default.
     */
    HYBRID
  }

  /** The largest number of workers. */
  public static final int WORKERS_MAX = 1024;

  /** Checks the number of workers. */
  public Dispatch {
    if (workers < 0) {
      throw new IllegalArgumentException(
          "workers is negative: " + workers + "; write 0 for inline, or 2 to " + WORKERS_MAX);
    }
    if (workers > WORKERS_MAX) {
      throw new IllegalArgumentException(
          "workers is " + workers + ": write at most " + WORKERS_MAX + ", or use virtual threads");
    }
  }

  /** Everything on the reading threads. */
  public static Dispatch inline() {
    return new Dispatch(Mode.INLINE, 0);
  }

  /**
   * At most so many handlers at a time, each on a thread of its own. 0 and 1 are {@link #inline}:
   * with one worker there is nothing to hand over to.
   */
  public static Dispatch workers(int count) {
    return count == 0 || count == 1 ? inline() : new Dispatch(Mode.WORKERS, count);
  }

  /** A virtual thread for each request. */
  public static Dispatch virtual() {
    return new Dispatch(Mode.VIRTUAL, 0);
  }

  /** What the file system declares. */
  public static Dispatch hybrid() {
    return new Dispatch(Mode.HYBRID, 0);
  }

  @Override
  public String toString() {
    String name = mode.name().toLowerCase(java.util.Locale.ROOT);
    return mode == Mode.WORKERS ? name + "(" + workers + ")" : name;
  }
}
