package io.fusewire.filesystems.memory;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which page holds which part of a file: numbers by index, 0 where there is none. A radix tree, so
 * that a lookup boxes nothing, a hole costs nothing and any index up to 2^51 fits. Not thread-safe:
 * readers may share it while nobody changes it.
 */
final class PageMap {
  private static final int BITS = 6;
  private static final int FANOUT = 1 << BITS;

  /** A small file has a leaf of this many slots first; the next one has all. */
  private static final int FEW = 8;

  /** Heap bytes that arrays take besides their slots, and bytes of a reference at most. */
  private static final long ARRAY_BYTES = 16;

  private static final long SLOT_BYTES = 8;

  /** Takes pages that the map gives up. */
  interface Pages {
    /** The pages in this part of the array; 0 means none. */
    void give(long[] pages, int from, int to);
  }

  /** A {@code long[]} when the height is 0, else an {@code Object[]} of such trees. */
  private @Nullable Object root;

  private int height;
  private long size;
  private long heapBytes;

  /** How many pages there are. */
  long size() {
    return size;
  }

  /** About how much Java heap the map takes, in bytes. */
  long heapBytes() {
    return heapBytes;
  }

  /** About how much heap a map of so many pages side by side takes, with some to spare. */
  static long heapBytesFor(long pages) {
    return pages * (SLOT_BYTES + 2);
  }

  /** The page at this index, or 0. */
  long get(long index) {
    if (index >>> ((height + 1) * BITS) != 0) {
      return 0;
    }
    Object at = root;
    for (int level = height; level > 0 && at != null; level--) {
      at = ((@Nullable Object[]) at)[slot(index, level)];
    }
    if (at == null) {
      return 0;
    }
    long[] leaf = (long[]) at;
    int slot = slot(index, 0);
    return slot < leaf.length ? leaf[slot] : 0;
  }

  private static int slot(long index, int level) {
    return (int) (index >>> (level * BITS)) & (FANOUT - 1);
  }

  /** Puts a page where there is none. */
  void put(long index, long page) {
    while (index >>> ((height + 1) * BITS) != 0) {
      root = root == null ? null : above(root);
      height++;
    }
    root = put(root, height, index, page);
    size++;
  }

  private Object above(Object below) {
    @Nullable Object[] made = branch();
    made[0] = below;
    return made;
  }

  private @Nullable Object[] branch() {
    heapBytes += ARRAY_BYTES + FANOUT * SLOT_BYTES;
    return new @Nullable Object[FANOUT];
  }

  private Object put(@Nullable Object tree, int level, long index, long page) {
    int slot = slot(index, level);
    if (level == 0) {
      long[] leaf = leafFor(slot, (long[]) tree);
      leaf[slot] = page;
      return leaf;
    }
    @Nullable Object[] branch = tree == null ? branch() : (@Nullable Object[]) tree;
    branch[slot] = put(branch[slot], level - 1, index, page);
    return branch;
  }

  private long[] leafFor(int slot, long @Nullable [] old) {
    if (old != null && slot < old.length) {
      return old;
    }
    int length = slot == 0 ? 1 : slot < FEW ? FEW : FANOUT;
    heapBytes += (old == null ? ARRAY_BYTES : -old.length * SLOT_BYTES) + length * SLOT_BYTES;
    return old == null ? new long[length] : Arrays.copyOf(old, length);
  }

  /** The first index from this one on that has a page; -1 when there is none. */
  long next(long from) {
    return next(root, height, 0, from);
  }

  private static long next(@Nullable Object tree, int level, long base, long from) {
    if (tree == null) {
      return -1;
    }
    int first = firstSlot(level, base, from);
    if (level == 0) {
      long[] leaf = (long[]) tree;
      for (int slot = first; slot < leaf.length; slot++) {
        if (leaf[slot] != 0) {
          return base + slot;
        }
      }
      return -1;
    }
    @Nullable Object[] branch = (@Nullable Object[]) tree;
    for (int slot = first; slot < FANOUT; slot++) {
      long found = next(branch[slot], level - 1, base + span(slot, level), from);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  /** The first index from this one on that has no page. */
  long nextHole(long from) {
    long found = nextHole(root, height, 0, from);
    return found >= 0 ? found : Math.max(from, 1L << ((height + 1) * BITS));
  }

  private static long nextHole(@Nullable Object tree, int level, long base, long from) {
    int first = firstSlot(level, base, from);
    if (tree == null) {
      return first < FANOUT ? Math.max(base, from) : -1;
    }
    if (level == 0) {
      long[] leaf = (long[]) tree;
      int slot = first;
      while (slot < leaf.length && leaf[slot] != 0) {
        slot++;
      }
      return slot < FANOUT ? base + slot : -1;
    }
    @Nullable Object[] branch = (@Nullable Object[]) tree;
    for (int slot = first; slot < FANOUT; slot++) {
      long found = nextHole(branch[slot], level - 1, base + span(slot, level), from);
      if (found >= 0) {
        return found;
      }
    }
    return -1;
  }

  /** The first slot of a tree that can hold this index or a later one; may lie behind the last. */
  private static int firstSlot(int level, long base, long from) {
    return from <= base ? 0 : (int) Math.min(FANOUT, (from - base) >>> (level * BITS));
  }

  private static long span(int slots, int level) {
    return (long) slots << (level * BITS);
  }

  /** Gives up all pages from one index up to another, exclusive. */
  void remove(long from, long to, Pages pages) {
    if (from < to) {
      root = remove(root, height, 0, new Range(from, to), pages);
    }
    if (root == null) {
      height = 0;
    }
  }

  private record Range(long from, long to) {
    int firstSlot(int level, long base) {
      return PageMap.firstSlot(level, base, from);
    }

    /** Behind the last slot that has something of the range. */
    int endSlot(int level, long base) {
      long last = (to - 1 - base) >> (level * BITS);
      return Math.clamp(last + 1, 0, FANOUT);
    }
  }

  private @Nullable Object remove(
      @Nullable Object tree, int level, long base, Range range, Pages pages) {
    if (tree == null) {
      return null;
    }
    int first = range.firstSlot(level, base);
    int end = range.endSlot(level, base);
    if (level == 0) {
      return removeFromLeaf((long[]) tree, first, end, pages);
    }
    @Nullable Object[] branch = (@Nullable Object[]) tree;
    for (int slot = first; slot < end; slot++) {
      branch[slot] = remove(branch[slot], level - 1, base + span(slot, level), range, pages);
    }
    for (Object left : branch) {
      if (left != null) {
        return branch;
      }
    }
    heapBytes -= ARRAY_BYTES + FANOUT * SLOT_BYTES;
    return null;
  }

  private long @Nullable [] removeFromLeaf(long[] leaf, int first, int last, Pages pages) {
    int end = Math.min(last, leaf.length);
    if (first < end) {
      for (int slot = first; slot < end; slot++) {
        size -= leaf[slot] == 0 ? 0 : 1;
      }
      pages.give(leaf, first, end);
      Arrays.fill(leaf, first, end, 0);
    }
    for (long left : leaf) {
      if (left != 0) {
        return leaf;
      }
    }
    heapBytes -= ARRAY_BYTES + leaf.length * SLOT_BYTES;
    return null;
  }
}
