package io.fusewire.filesystems.memory;

import io.fusewire.raw.Timeouts;
import java.time.Clock;
import java.time.Duration;

/**
 * How a {@link MemoryFileSystem} is made.
 *
 * @param bytesMax the space for file contents; a write beyond it gets ENOSPC
 * @param nodesMax the number of files, directories and other nodes
 * @param rootMode permissions of the root directory
 * @param rootUid owner of the root directory
 * @param rootGid group of the root directory
 * @param accessTimes whether reading moves access times (as relatime does)
 * @param timeouts how long the kernel may use names and attributes without asking
 * @param clock tells the time for time stamps
 */
public record MemoryOptions(
    long bytesMax,
    int nodesMax,
    int rootMode,
    int rootUid,
    int rootGid,
    boolean accessTimes,
    Timeouts timeouts,
    Clock clock) {
  private static final long BYTES_DEFAULT = 1L << 30;
  private static final int NODES_DEFAULT = 1 << 20;

  /** 1 GiB, a million nodes, a root directory of root's with mode 1777. */
  public static MemoryOptions defaults() {
    return new MemoryOptions(
        BYTES_DEFAULT,
        NODES_DEFAULT,
        01777,
        0,
        0,
        true,
        Timeouts.of(Duration.ofMinutes(1)),
        Clock.systemUTC());
  }

  /** The same with another size limit. */
  public MemoryOptions withBytesMax(long bytes) {
    return new MemoryOptions(
        bytes, nodesMax, rootMode, rootUid, rootGid, accessTimes, timeouts, clock);
  }

  /** The same with another number of nodes. */
  public MemoryOptions withNodesMax(int nodes) {
    return new MemoryOptions(
        bytesMax, nodes, rootMode, rootUid, rootGid, accessTimes, timeouts, clock);
  }

  /** The same with another root directory. */
  public MemoryOptions withRoot(int mode, int uid, int gid) {
    return new MemoryOptions(bytesMax, nodesMax, mode, uid, gid, accessTimes, timeouts, clock);
  }

  /** The same with or without moving access times. */
  public MemoryOptions withAccessTimes(boolean moved) {
    return new MemoryOptions(
        bytesMax, nodesMax, rootMode, rootUid, rootGid, moved, timeouts, clock);
  }

  /** The same with other time-outs. */
  public MemoryOptions withTimeouts(Timeouts times) {
    return new MemoryOptions(
        bytesMax, nodesMax, rootMode, rootUid, rootGid, accessTimes, times, clock);
  }
}
