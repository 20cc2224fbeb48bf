package io.fusewire.schedule;

import io.fusewire.raw.OrderKeys;
import io.fusewire.wire.Name;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Requests that touch the same node or name, first come first served: readers of a node together,
 * everything else alone. Guarded by the scheduler's lock.
 *
 * <p>A request takes its place for all that it touches at once, so places are taken in one order
 * and nobody waits in a circle, renames included. Names are told apart by a 64-bit hash of their
 * bytes: two that collide wait for each other, which costs time and nothing else.
 */
final class NodeOrder implements OrderKeys {
  /** What is touched: a node (name 0), or a name in a directory. */
  private record Key(long node, long name) {}

  /** A place of one request at one key. */
  static final class Claim {
    private final Ticket ticket;
    private final Key key;
    private boolean exclusive;
    private boolean granted;

    private Claim(Ticket ticket, Key key, boolean exclusive) {
      this.ticket = ticket;
      this.key = key;
      this.exclusive = exclusive;
    }

    private boolean holds(Key wanted) {
      return granted && key.equals(wanted);
    }
  }

  /** Who holds a key, and who waits for it. */
  private static final class Lane {
    private int readers;
    private boolean writer;
    private @Nullable ArrayDeque<Claim> waiting; // only while there is a conflict

    boolean admits(Claim claim) {
      return !writer && (readers == 0 || !claim.exclusive);
    }

    boolean isEmpty() {
      return readers == 0 && !writer && (waiting == null || waiting.isEmpty());
    }
  }

  private static final long HASH_START = 0xcbf29ce484222325L; // FNV-1a
  private static final long HASH_STEP = 0x100000001b3L;

  private final boolean names;
  private final Map<Key, Lane> lanes = new HashMap<>();
  private @Nullable Ticket entering;

  /**
   * Nothing is held.
   *
   * @param names whether names are ordered too
   */
  NodeOrder(boolean names) {
    this.names = names;
  }

  /** Takes the places of a request; false when it must wait until {@link #leave} grants it. */
  boolean enter(Ticket ticket) {
    entering = ticket;
    ticket.claims = new ArrayList<>(2);
    ticket.slot.operation().orderKeys(ticket.slot.request(), this);
    entering = null;
    ticket.blocked = 0;
    for (Claim claim : ticket.claims) {
      Lane lane = lanes.computeIfAbsent(claim.key, key -> new Lane());
      if ((lane.waiting == null || lane.waiting.isEmpty()) && lane.admits(claim)) {
        grant(lane, claim);
      } else {
        if (lane.waiting == null) {
          lane.waiting = new ArrayDeque<>();
        }
        lane.waiting.addLast(claim);
        ticket.blocked++;
      }
    }
    return ticket.blocked == 0;
  }

  /** Gives the places of a request back, held or waited for; tells who may go on now. */
  void leave(Ticket ticket, Consumer<Ticket> granted) {
    List<Claim> claims = ticket.claims;
    ticket.claims = List.of();
    for (Claim claim : claims) {
      Lane lane = lanes.get(claim.key);
      if (lane == null) {
        continue;
      }
      if (!claim.granted && lane.waiting != null) {
        lane.waiting.remove(claim);
      } else if (claim.exclusive) {
        lane.writer = false;
      } else {
        lane.readers--;
      }
      promote(lane, granted);
      if (lane.isEmpty()) {
        lanes.remove(claim.key);
      }
    }
  }

  private static void promote(Lane lane, Consumer<Ticket> granted) {
    ArrayDeque<Claim> waiting = lane.waiting;
    if (waiting == null) {
      return;
    }
    for (Claim head = waiting.peekFirst();
        head != null && lane.admits(head);
        head = waiting.peekFirst()) {
      waiting.removeFirst();
      grant(lane, head);
      head.ticket.blocked--;
      if (head.ticket.blocked == 0) {
        granted.accept(head.ticket);
      }
    }
  }

  private static void grant(Lane lane, Claim claim) {
    claim.granted = true;
    if (claim.exclusive) {
      lane.writer = true;
    } else {
      lane.readers++;
    }
  }

  @Override
  public void shared(long nodeId) {
    claim(new Key(nodeId, 0), false);
  }

  @Override
  public void exclusive(long nodeId) {
    claim(new Key(nodeId, 0), true);
  }

  @Override
  public void name(long parent, Name name) {
    if (names) {
      claim(new Key(parent, hash(name) | 1), true);
    }
  }

  private static long hash(Name name) {
    long hash = HASH_START;
    for (int i = 0; i < name.length(); i++) {
      hash = (hash ^ name.byteAt(i)) * HASH_STEP;
    }
    return hash;
  }

  private void claim(Key key, boolean exclusive) {
    Ticket ticket = java.util.Objects.requireNonNull(entering);
    for (Claim claim : ticket.claims) {
      if (claim.key.equals(key)) {
        claim.exclusive |= exclusive;
        return;
      }
    }
    ticket.claims.add(new Claim(ticket, key, exclusive));
  }

  /** How many keys are held or waited for. */
  int size() {
    return lanes.size();
  }

  /** Whether the waiting request waits for something that the holder has. */
  static boolean blocks(Ticket holder, Ticket waiting) {
    return waiting.claims.stream()
        .filter(claim -> !claim.granted)
        .anyMatch(claim -> holder.claims.stream().anyMatch(each -> each.holds(claim.key)));
  }
}
