package io.fusewire.transport.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The kernel's account of background requests (read-ahead, writeback, RELEASE): how many there are,
 * how many of them the server may see, and who waits to make one ({@code fuse_conn.num_background},
 * {@code active_background}, {@code blocked}).
 */
final class BackgroundRequests {
  private final Consumer<Call> activate;
  private final ArrayDeque<Call> blockedCalls = new ArrayDeque<>();
  private final ArrayDeque<Call> waiting = new ArrayDeque<>();
  private int max;
  private int all;
  private int active;
  private int activeMost;
  private boolean blocked;

  /**
   * An account without a limit.
   *
   * @param activate takes the requests that the server may see
   */
  BackgroundRequests(Consumer<Call> activate) {
    this.activate = activate;
    this.max = Integer.MAX_VALUE;
  }

  void limit(int maxBackground) {
    max = maxBackground;
  }

  /** Takes a request in, or lets its maker wait while there are as many as may be. */
  void submit(Call call) {
    if (blocked && call.kind != Call.Kind.FORCED_BACKGROUND) {
      blockedCalls.addLast(call);
    } else {
      add(call);
    }
  }

  private void add(Call call) {
    call.countedAsBackground = true;
    call.state = Call.State.BACKGROUND;
    all++;
    if (all == max) {
      blocked = true;
    }
    waiting.addLast(call);
    flush();
  }

  private void flush() {
    while (active < max && !waiting.isEmpty()) {
      active++;
      activeMost = Math.max(activeMost, active);
      activate.accept(waiting.removeFirst());
    }
  }

  /** A request that was active has ended ({@code fuse_request_end}). */
  void ended() {
    if (all == max) {
      blocked = false;
    }
    all--;
    active--;
    flush();
    while (!blocked && !blockedCalls.isEmpty()) {
      add(blockedCalls.removeFirst());
    }
  }

  /** Takes a request back that the server cannot have seen; false when it may have. */
  boolean remove(Call call) {
    return blockedCalls.remove(call);
  }

  /** Those that nobody will send any more; the account starts anew. */
  List<Call> abort() {
    List<Call> left = new ArrayList<>(blockedCalls);
    left.addAll(waiting);
    blockedCalls.clear();
    waiting.clear();
    blocked = false;
    return left;
  }

  int all() {
    return all;
  }

  int active() {
    return active;
  }

  int activeMost() {
    return activeMost;
  }
}
