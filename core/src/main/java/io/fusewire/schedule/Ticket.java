package io.fusewire.schedule;

import io.fusewire.raw.Execution;
import io.fusewire.transport.RequestSlot;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the scheduler knows of the request in a slot; made once for each slot. Guarded by the
 * scheduler's lock but for what says otherwise.
 */
final class Ticket extends Queued {
  /** Where the request is. */
  enum Stage {
    /** It came, and nobody has looked. */
    NEW,
    /** It waits for an earlier request that touches the same. */
    ORDERED,
    /** It waits for a permit or a thread. */
    QUEUED,
    /** Its handler was or is about to be called. */
    STARTED,
    /** It was answered before it could start. */
    ENDED
  }

  final RequestSlot slot;

  // Set before the request is seen by others, then constant.
  Execution execution = Execution.INLINE;
  long arrivedNanos;
  boolean
      entered; // the room, and may have left it, answered by the library, before its handler runs

  Stage stage = Stage.NEW;
  long sequence;
  boolean counted;
  boolean waits;
  boolean onThread;
  boolean expired;
  List<NodeOrder.Claim> claims = List.of();
  int blocked;

  // The serving thread's own.
  long startedNanos;
  int samples;
  @Nullable Object span;

  // The watchdog's own.
  long watched;
  long seenNanos;
  long interruptedNanos;
  boolean reported;

  Ticket(RequestSlot slot) {
    this.slot = slot;
  }

  boolean isStarted() {
    return stage == Stage.STARTED;
  }
}
