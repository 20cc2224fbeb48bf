package io.fusewire.raw;

import io.fusewire.wire.Name;

/**
 * Takes in what a request touches, so that requests that touch the same run in the order in which
 * they came. For the scheduler.
 */
public interface OrderKeys {
  /** The request reads this node: it waits for changes of it, not for other reads. */
  void shared(long nodeId);

  /** The request changes this node. */
  void exclusive(long nodeId);

  /** The request makes, removes or replaces this name. */
  void name(long parent, Name name);
}
