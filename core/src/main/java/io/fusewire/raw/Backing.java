package io.fusewire.raw;

/**
 * Knows which nodes are open on backing files: files whose reads, writes and maps the kernel does
 * itself (FUSE_PASSTHROUGH). Between replies and the mount, which implements it; file systems call
 * {@link OpenReply#openBacking}. Safe for all threads.
 *
 * <p>All opens of a node agree. While one has a backing file, every other has the same one; while
 * one has none, no other gets any. The kernel answers a breach with EIO to its caller, so the
 * choice is made before the answer.
 */
public interface Backing {
  /** As a descriptor: the file system has no backing file for this open. */
  int NO_DESCRIPTOR = -1;

  /** As an id: an ordinary open. */
  int NO_ID = 0;

  /**
   * Chooses for an open that is about to be answered. {@link #closed} must follow, once.
   *
   * @param openFlags of open(2)
   * @param descriptor of the file that may back the node, or {@link #NO_DESCRIPTOR}; not used after
   *     the call
   * @return the id to answer with, or {@link #NO_ID}
   */
  int opening(long nodeId, int openFlags, int descriptor);

  /**
   * An open has ended: its RELEASE came, or its answer reached nobody.
   *
   * @param openFlags of open(2), as {@link #opening} had them
   */
  void closed(long nodeId, int openFlags);

  /**
   * How long the kernel may use attributes of a node. Not at all while the node is open for writing
   * on a backing file: the kernel does not notice what is written through a map.
   *
   * @param nanos what the file system says
   */
  long attributeNanos(long nodeId, long nanos);
}
