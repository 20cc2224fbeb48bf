package io.fusewire.filesystems.memory;

import io.fusewire.linux.sys.NativeMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pages of all files: taken from the kernel in regions, up to the size limit of the file
 * system. A page is named by its number plus one; 0 names no page. Safe for all threads.
 */
final class PagePool {
  /** Bytes of a page. */
  static final int PAGE = 4096;

  /** Pages of a region: 4 MiB. */
  private static final int REGION_PAGES = 1024;

  private final long pagesMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<MemorySegment> regions = new ArrayList<>();
  private volatile MemorySegment[] regionsByIndex = {};
  private long[] free = new long[1024];
  private int freeCount;
  private long untouched = 1;
  private volatile long used;

  /** A pool of at most this many bytes. */
  PagePool(long bytesMax) {
    pagesMax = bytesMax / PAGE;
  }

  /** All pages there can be. */
  long pagesMax() {
    return pagesMax;
  }

  /** Pages that files hold. */
  long pagesUsed() {
    return used;
  }

  /** Takes a page full of zeroes; 0 when the size limit is reached. */
  long take() {
    long page;
    boolean fresh;
    lock.lock();
    try {
      if (used >= pagesMax) {
        return 0;
      }
      fresh = freeCount == 0;
      if (fresh) {
        page = untouched;
        addRegionFor(page);
        untouched++;
      } else {
        freeCount--;
        page = free[freeCount];
      }
      long now = used;
      used = now + 1;
    } finally {
      lock.unlock();
    }
    if (!fresh) {
      memory(page).asSlice(offset(page), PAGE).fill((byte) 0);
    }
    return page;
  }

  private void addRegionFor(long page) {
    int region = (int) ((page - 1) / REGION_PAGES);
    if (region == regions.size()) {
      regions.add(NativeMemory.allocate((long) REGION_PAGES * PAGE));
      regionsByIndex = regions.toArray(MemorySegment[]::new);
    }
  }

  /** Gives pages back; zeros in the array are skipped. */
  void give(long[] pages, int from, int to) {
    lock.lock();
    try {
      int count = 0;
      for (int i = from; i < to; i++) {
        if (pages[i] != 0) {
          push(pages[i]);
          count++;
        }
      }
      long now = used;
      used = now - count;
    } finally {
      lock.unlock();
    }
  }

  private void push(long page) {
    if (freeCount == free.length) {
      free = Arrays.copyOf(free, freeCount * 2);
    }
    free[freeCount] = page;
    freeCount++;
  }

  /** The memory in which a page lies, from {@link #offset} on. */
  MemorySegment memory(long page) {
    return regionsByIndex[(int) ((page - 1) / REGION_PAGES)];
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
      regions.forEach(NativeMemory::free);
      regions.clear();
      regionsByIndex = new MemorySegment[0];
    } finally {
      lock.unlock();
    }
  }
}
