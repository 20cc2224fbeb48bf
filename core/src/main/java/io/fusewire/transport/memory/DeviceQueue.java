package io.fusewire.transport.memory;

import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U64;
import io.fusewire.wire.struct.InHeader;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;

/**
 * What a read of the device gives next ({@code fuse_dev_do_read}): interrupts first, then sixteen
 * reads of forgets for eight of requests while both wait, and forgets together when several wait.
 */
final class DeviceQueue {
  private static final int FORGETS = 16;
  private static final int REQUESTS = 8;
  private static final int MINOR_BATCH = 16;

  private static final Struct ONE = Struct.named("fuse_forget_one");
  private static final U64 ONE_NODE = ONE.u64("nodeid");
  private static final U64 ONE_LOOKUPS = ONE.u64("nlookup");

  private record Forgotten(long node, long lookups) {}

  private final ArrayDeque<Call> interrupts = new ArrayDeque<>();
  private final ArrayDeque<Forgotten> forgets = new ArrayDeque<>();
  private final ArrayDeque<Call> pending = new ArrayDeque<>();
  private int forgetBudget;

  void add(Call call) {
    pending.addLast(call);
  }

  /** Puts a request before all others: it was read once already. */
  void addFirst(Call call) {
    pending.addFirst(call);
  }

  boolean remove(Call call) {
    return pending.remove(call);
  }

  void interrupt(Call victim) {
    if (!victim.interruptQueued) {
      victim.interruptQueued = true;
      interrupts.addLast(victim);
    }
  }

  void noInterrupt(Call victim) {
    if (victim.interruptQueued) {
      victim.interruptQueued = false;
      interrupts.remove(victim);
    }
  }

  void forget(long node, long lookups) {
    forgets.addLast(new Forgotten(node, lookups));
  }

  /** Lookups that were given back and wait to be read, of one node. */
  long forgetsWaiting(long node) {
    return forgets.stream().filter(each -> each.node == node).mapToLong(Forgotten::lookups).sum();
  }

  /** The requests that nobody has read. */
  List<Call> pending() {
    return List.copyOf(pending);
  }

  boolean isEmpty() {
    return interrupts.isEmpty() && forgets.isEmpty() && pending.isEmpty();
  }

  void clear() {
    interrupts.clear();
    forgets.clear();
    pending.clear();
  }

  /**
   * Takes the next message out of a queue that is not empty.
   *
   * @return a request, or a {@code byte[]} that is a message without a caller
   */
  Object next(long bytesMax, int minor) {
    Call victim = interrupts.pollFirst();
    if (victim != null) {
      victim.interruptQueued = false;
      return interruptOf(victim.unique);
    }
    if (!forgets.isEmpty()) {
      if (pending.isEmpty() || forgetBudget-- > 0) {
        return nextForgets(bytesMax, minor);
      }
      if (forgetBudget <= -REQUESTS) {
        forgetBudget = FORGETS;
      }
    }
    return pending.removeFirst();
  }

  private static byte[] interruptOf(long unique) {
    return RequestFrame.of(Opcode.INTERRUPT)
        .set("unique", unique)
        .bytes(unique | MessageRules.INTERRUPT_BIT, 0);
  }

  private byte[] nextForgets(long bytesMax, int minor) {
    if (forgets.size() == 1 || minor < MINOR_BATCH) {
      Forgotten only = forgets.removeFirst();
      RequestFrame frame = RequestFrame.of(Opcode.FORGET).node(only.node);
      return frame.set("nlookup", only.lookups).bytes(0, 0);
    }
    Operation batch =
        Objects.requireNonNull(Operations.of(Opcode.BATCH_FORGET.number()), "BATCH_FORGET");
    long room = bytesMax - InHeader.SIZE - batch.arguments().size();
    int count = (int) Math.min(room / ONE.size(), forgets.size());
    MemorySegment list = MemorySegment.ofArray(new byte[count * (int) ONE.size()]);
    for (int i = 0; i < count; i++) {
      Forgotten each = forgets.removeFirst();
      ONE_NODE.set(list, i * ONE.size(), each.node);
      ONE_LOOKUPS.set(list, i * ONE.size(), each.lookups);
    }
    return RequestFrame.of(Opcode.BATCH_FORGET)
        .set("count", count)
        .data(list.toArray(ValueLayout.JAVA_BYTE))
        .bytes(0, 0);
  }
}
