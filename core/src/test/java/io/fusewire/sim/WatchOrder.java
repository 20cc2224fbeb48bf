package io.fusewire.sim;

import io.fusewire.raw.Operations;
import io.fusewire.raw.OrderKeys;
import io.fusewire.raw.RawRequest;
import io.fusewire.wire.Name;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Sees that requests which touch the same node or name begin in the order in which they came, and
 * never while an earlier one that they must not meet has not finished.
 */
final class WatchOrder {
  private record Key(long node, String name) {}

  /** What has begun at a key. */
  private static final class Lane {
    final Map<Watch.Span, Boolean> active = new LinkedHashMap<>();
    long newestReader = -1;
    long newestWriter = -1;
  }

  private static final class Keys implements OrderKeys {
    final Map<Key, Boolean> exclusive = new LinkedHashMap<>();
    private final boolean names;

    Keys(boolean names) {
      this.names = names;
    }

    @Override
    public void shared(long nodeId) {
      exclusive.merge(new Key(nodeId, ""), false, Boolean::logicalOr);
    }

    @Override
    public void exclusive(long nodeId) {
      exclusive.merge(new Key(nodeId, ""), true, Boolean::logicalOr);
    }

    @Override
    public void name(long parent, Name name) {
      if (names) {
        exclusive.merge(new Key(parent, "/" + name), true, Boolean::logicalOr);
      }
    }
  }

  private final boolean names;
  private final Consumer<String> problems;
  private final Map<Key, Lane> lanes = new HashMap<>();

  WatchOrder(boolean names, Consumer<String> problems) {
    this.names = names;
    this.problems = problems;
  }

  void started(Watch.Span span, RawRequest request) {
    Keys keys = new Keys(names);
    Objects.requireNonNull(Operations.of(request.opcode())).orderKeys(request, keys);
    keys.exclusive.forEach((key, exclusive) -> enter(span, key, exclusive));
  }

  private void enter(Watch.Span span, Key key, boolean exclusive) {
    Lane lane = lanes.computeIfAbsent(key, any -> new Lane());
    lane.active.keySet().removeIf(each -> each.done);
    List<Watch.Span> met = new ArrayList<>();
    lane.active.forEach(
        (other, otherExclusive) -> {
          if (exclusive || otherExclusive) {
            met.add(other);
          }
        });
    if (!met.isEmpty()) {
      problems.accept(span + " meets " + met + " at " + key);
    }
    long before = exclusive ? Math.max(lane.newestReader, lane.newestWriter) : lane.newestWriter;
    if (span.number < before) {
      problems.accept(span + " begins at " + key + " after arrival " + before);
    }
    if (exclusive) {
      lane.newestWriter = Math.max(lane.newestWriter, span.number);
    } else {
      lane.newestReader = Math.max(lane.newestReader, span.number);
    }
    lane.active.put(span, exclusive);
  }
}
