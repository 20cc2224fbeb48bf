package io.fusewire.transport;

/**
 * Which request a slot carries, copied from its memory, for those who look from other threads when
 * that memory may be gone. What it says may be over already, or mixed from two requests; compare
 * {@link RequestSlot#openSequence} before and after.
 */
public final class RequestTag {
  private long unique;
  private long nodeId;
  private int pid;

  RequestTag() {}

  void set(long newUnique, long newNodeId, int newPid) {
    unique = newUnique;
    nodeId = newNodeId;
    pid = newPid;
  }

  /** The kernel's number of the request. */
  public long unique() {
    return unique;
  }

  /** The node it is about. */
  public long nodeId() {
    return nodeId;
  }

  /** The process that calls. */
  public int pid() {
    return pid;
  }
}
