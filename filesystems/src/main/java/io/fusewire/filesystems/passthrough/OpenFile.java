package io.fusewire.filesystems.passthrough;

import io.fusewire.node.Node;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

/**
 * A backing file that is open for a user of the mount; its number in {@link OpenFiles} is the file
 * handle. While nobody uses it, its descriptor may be parked: closed, and opened again when needed.
 */
final class OpenFile extends Node {
  private static final int PARKED = -1;
  private static final AtomicIntegerFieldUpdater<OpenFile> USES =
      AtomicIntegerFieldUpdater.newUpdater(OpenFile.class, "uses");

  final BackingNode node;

  /** Meaningful while the file is used. */
  int descriptor;

  /** What opens it again; guarded by {@link OpenFiles}. */
  int flags;

  /** O_NOATIME or 0, as the descriptor has it now. */
  volatile int noatime;

  /** True when the descriptor itself matters: a lock of flock(2) ends with it. */
  volatile boolean keepsOpen;

  /** True when it was used since it was last thought of for parking. */
  volatile boolean recent = true;

  /** How many operations use the descriptor now, or PARKED. */
  @SuppressWarnings("UnusedVariable") // through USES
  private volatile int uses;

  OpenFile(BackingNode node, int descriptor, int noatime) {
    this.node = node;
    this.descriptor = descriptor;
    this.noatime = noatime;
  }

  /** Begins a use; false when the file is parked. */
  boolean tryUse() {
    while (true) {
      int now = uses;
      if (now == PARKED) {
        return false;
      }
      if (USES.compareAndSet(this, now, now + 1)) {
        if (!recent) {
          recent = true;
        }
        return true;
      }
    }
  }

  /** Ends a use. */
  void endUse() {
    USES.decrementAndGet(this);
  }

  /** Keeps new uses away; false when there is one, or when it is parked already. */
  boolean tryPark() {
    return USES.compareAndSet(this, 0, PARKED);
  }

  boolean isParked() {
    return uses == PARKED;
  }

  /** Lets uses in again. */
  void unpark(int opened) {
    descriptor = opened;
    uses = 0;
  }
}
