package io.fusewire.filesystems.memory;

import io.fusewire.linux.sys.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The pages of all files: taken from the kernel in regions, up to the size limit of the file
 * system, and given back to the kernel when files give them up. Space is reserved first, so that
 * who gets some gets all of it; then each page is taken. A page is named by its number plus one; 0
 * names no page. Safe for all threads.
 */
final class PagePool implements PageMap.Pages {
  /** Bytes of a page. */
  static final int PAGE = 4096;

  /** Pages of a region: 4 MiB. */
  private static final int REGION_PAGES = 1024;

  /** Free pages that keep their memory, for the next who takes one: 16 MiB. */
  static final int DIRTY_MAX = 4096;

  private final long pagesMax;
  private final AtomicLong used = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Region> regions = new ArrayList<>();
  private final Deque<Region> withFree = new ArrayDeque<>();
  private final Deque<Region> withDirty = new ArrayDeque<>();
  private @Nullable Region current;
  private int dirty;
  private volatile MemorySegment[] memories = {};

  /** A pool of at most this many bytes. */
  PagePool(long bytesMax) {
    pagesMax = bytesMax / PAGE;
  }

  /** Pages that lie side by side in memory; all fields are guarded by the pool's lock. */
  private static final class Region {
    final MemorySegment memory;
    final long firstPage;
    final BitSet free = new BitSet(REGION_PAGES);

    /** The free pages that somebody has written to. */
    final BitSet dirty = new BitSet(REGION_PAGES);

    boolean listedAsFree;
    boolean listedAsDirty;

    Region(MemorySegment memory, long firstPage) {
      this.memory = memory;
      this.firstPage = firstPage;
      free.set(0, REGION_PAGES);
    }
  }

  /** All pages there can be. */
  long pagesMax() {
    return pagesMax;
  }

  /** Pages that are reserved, taken or not. */
  long pagesUsed() {
    return used.get();
  }

  /** Reserves this many pages, or none: false when there are not so many. */
  boolean reserve(long pages) {
    return pages == 0 || reserveUpTo(pages, pages) == pages;
  }

  /** Reserves as many pages as there are, at most this many; the number. */
  long reserveUpTo(long pages) {
    return reserveUpTo(pages, 0);
  }

  private long reserveUpTo(long pages, long least) {
    while (true) {
      long now = used.get();
      long fits = Math.min(pages, pagesMax - now);
      if (fits < least || fits <= 0) {
        return 0;
      }
      if (used.compareAndSet(now, now + fits)) {
        return fits;
      }
    }
  }

  /** Gives a reservation back for which no page was taken. */
  void unreserve(long pages) {
    used.addAndGet(-pages);
  }

  /**
   * Takes a page for which space is reserved.
   *
   * @param zeroed whether it must be full of zeroes; otherwise it may hold anything
   * @return 0 when the kernel has no memory; the reservation stays
   */
  long take(boolean zeroed) {
    long page;
    boolean wasDirty;
    lock.lock();
    try {
      Region region = regionWithFree();
      if (region == null) {
        return 0;
      }
      int index = region.free.nextSetBit(0);
      region.free.clear(index);
      wasDirty = region.dirty.get(index);
      if (wasDirty) {
        region.dirty.clear(index);
        dirty--;
      }
      page = region.firstPage + index;
    } finally {
      lock.unlock();
    }
    if (zeroed && wasDirty) {
      memory(page).asSlice(offset(page), PAGE).fill((byte) 0);
    }
    return page;
  }

  private @Nullable Region regionWithFree() {
    while (current == null || current.free.isEmpty()) {
      current = withFree.pollLast();
      if (current == null) {
        current = newRegion();
        if (current == null) {
          return null;
        }
      }
      current.listedAsFree = false;
    }
    return current;
  }

  private @Nullable Region newRegion() {
    MemorySegment memory;
    try {
      memory = NativeMemory.allocate((long) REGION_PAGES * PAGE);
    } catch (OutOfMemoryError e) {
      return null; // of the kernel's memory, not of the heap: the caller answers ENOSPC
    }
    Region made = new Region(memory, (long) regions.size() * REGION_PAGES + 1);
    regions.add(made);
    memories = regions.stream().map(region -> region.memory).toArray(MemorySegment[]::new);
    return made;
  }

  @Override
  public void give(long[] pages, int from, int to) {
    used.addAndGet(-giveUnreserved(pages, from, to));
  }

  /** Gives pages back whose reservation is given back already; how many they were. */
  int giveUnreserved(long[] pages, int from, int to) {
    lock.lock();
    try {
      int count = 0;
      for (int i = from; i < to; i++) {
        if (pages[i] != 0) {
          give(pages[i]);
          count++;
        }
      }
      if (dirty > DIRTY_MAX) {
        clean(DIRTY_MAX / 2);
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  private void give(long page) {
    Region region = regions.get((int) ((page - 1) / REGION_PAGES));
    int index = (int) (page - region.firstPage);
    region.free.set(index);
    region.dirty.set(index);
    dirty++;
    if (!region.listedAsFree && region != current) {
      region.listedAsFree = true;
      withFree.addLast(region);
    }
    if (!region.listedAsDirty) {
      region.listedAsDirty = true;
      withDirty.addLast(region);
    }
  }

  /** Gives the memory of free pages back to the kernel, the oldest first. */
  private void clean(int dirtyLeft) {
    while (dirty > dirtyLeft) {
      Region region = withDirty.removeFirst();
      region.listedAsDirty = false;
      int start = region.dirty.nextSetBit(0);
      while (start >= 0) {
        int end = region.dirty.nextClearBit(start);
        NativeMemory.discard(region.memory, (long) start * PAGE, (long) (end - start) * PAGE);
        dirty -= end - start;
        start = region.dirty.nextSetBit(end);
      }
      region.dirty.clear();
    }
  }

  /** The memory in which a page lies, from {@link #offset} on. */
  MemorySegment memory(long page) {
    return memories[(int) ((page - 1) / REGION_PAGES)];
  }

  /** Where a page starts in {@link #memory}. */
  static long offset(long page) {
    return (page - 1) % REGION_PAGES * PAGE;
  }

  /** True when the second page lies right behind the first in the same memory. */
  static boolean adjacent(long first, long second) {
    return second == first + 1 && (second - 1) % REGION_PAGES != 0;
  }

  /** Gives all memory back to the kernel; no page may be used any more. */
  void close() {
    lock.lock();
    try {
      regions.forEach(region -> NativeMemory.free(region.memory));
      regions.clear();
      withFree.clear();
      withDirty.clear();
      current = null;
      dirty = 0;
      memories = new MemorySegment[0];
    } finally {
      lock.unlock();
    }
  }
}
