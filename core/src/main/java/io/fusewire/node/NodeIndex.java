package io.fusewire.node;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Nodes that have a key of their own, such as device and inode number of a backing file: one node
 * for each key as long as the kernel holds a lookup of it. Safe for all threads.
 *
 * @param <K> the key; immutable, with equals and hashCode
 * @param <N> the file system's node class
 */
public final class NodeIndex<K, N extends Node> {
  private final NodeTable<N> table;
  private final ConcurrentHashMap<K, N> nodes = new ConcurrentHashMap<>();

  /** An index over a table. */
  public NodeIndex(NodeTable<N> table) {
    this.table = table;
  }

  /**
   * The node with this key, with one more lookup counted; made when there is none.
   *
   * @param maker makes the node; called under a lock, so it must be short
   * @return null when the table is full
   */
  public @Nullable N lookUp(K key, Supplier<N> maker) {
    return nodes.compute(
        key,
        (same, known) -> {
          if (known != null && known.addLookup()) {
            return known;
          }
          N made = maker.get();
          if (!table.add(made)) {
            return null;
          }
          made.addLookup();
          return made;
        });
  }

  /** The node with this key, or null; counts nothing. */
  public @Nullable N find(K key) {
    return nodes.get(key);
  }

  /**
   * Takes lookups back; a node without any is removed.
   *
   * @param onRemoved frees what the node holds
   */
  public void forget(K key, N node, long count, Consumer<N> onRemoved) {
    if (!node.removeLookups(count)) {
      return;
    }
    nodes.computeIfPresent(
        key,
        (same, known) -> {
          if (!known.equals(node) || !node.retire()) {
            return known; // looked up again meanwhile
          }
          table.remove(node);
          onRemoved.accept(node);
          return null;
        });
  }
}
