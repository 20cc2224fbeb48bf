package io.fusewire.filesystems.memory;

import io.fusewire.wire.Name;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The names of one directory. Each name has a cookie, a number that only grows, so that listing
 * goes on at the right place whatever is added and removed meanwhile. Guarded by the tree's lock.
 */
final class Directory {
  /** The cookies below this stand for "." and "..". */
  static final long FIRST_COOKIE = 3;

  /** What a name counts in the size that stat(2) shows, as in tmpfs. */
  private static final long ENTRY_BYTES = 20;

  private final Map<Name, Inode.Entry> byName = new HashMap<>();
  private final TreeMap<Long, Inode.Entry> byCookie = new TreeMap<>();
  private long cookies = FIRST_COOKIE;

  /**
   * Set when the directory is made and when it is moved; a directory is its own parent at the root.
   */
  @Nullable Inode parent;

  /** True once it was removed: nothing can be added any more. */
  boolean removed;

  /** The node with this name, or null; the name may be a view. */
  @Nullable Inode find(Name name) {
    Inode.Entry entry = byName.get(name);
    return entry == null ? null : entry.node();
  }

  /** Adds a name, which is copied, or gives it another node. */
  void put(Name name, Inode node) {
    Inode.Entry old = byName.get(name);
    Inode.Entry entry =
        old == null
            ? new Inode.Entry(name.copy(), node, cookies++)
            : new Inode.Entry(old.name(), node, old.cookie());
    byName.put(entry.name(), entry);
    byCookie.put(entry.cookie(), entry);
  }

  /** Removes a name. */
  void remove(Name name) {
    Inode.Entry entry = byName.remove(name);
    if (entry != null) {
      byCookie.remove(entry.cookie());
    }
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** The size that stat(2) shows, in bytes. */
  long bytes() {
    return byName.size() * ENTRY_BYTES;
  }

  /** The names whose cookie is this one or later, in order. */
  SortedMap<Long, Inode.Entry> from(long cookie) {
    return byCookie.tailMap(cookie);
  }
}
