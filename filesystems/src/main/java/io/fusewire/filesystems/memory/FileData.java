package io.fusewire.filesystems.memory;

import io.fusewire.raw.DataReply;
import java.lang.foreign.MemorySegment;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.StampedLock;

/**
 * The content of one regular file: pages where something was written, holes elsewhere. Blocks of
 * pages hang in a tree by their index, so that a file may be sparse and of any size.
 *
 * <p>One lock guards all; readers share it until their bytes are with the kernel.
 */
final class FileData {
  /** The largest file: what the kernel's page cache can address. */
  static final long BYTES_MAX = Long.MAX_VALUE & -PagePool.PAGE;

  private static final int PAGE = PagePool.PAGE;
  private static final int BLOCK_PAGES = 512;

  private final PagePool pool;
  private final StampedLock lock = new StampedLock();
  private final TreeMap<Long, long[]> blocks = new TreeMap<>();
  private volatile long size;
  private volatile long pages;

  FileData(PagePool pool) {
    this.pool = pool;
  }

  /** The file's length in bytes. */
  long size() {
    return size;
  }

  /** Allocated space in bytes. */
  long allocatedBytes() {
    return pages * PAGE;
  }

  /** Answers a READ with the pages' own memory. */
  void read(long offset, DataReply reply) {
    long stamp = lock.readLock();
    try {
      long end = Math.min(size, offset + reply.limit());
      long position = offset;
      while (position < end) {
        position += addRun(position, end, reply);
      }
      reply.send();
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Appends the pages that lie behind each other in memory; the number of bytes. */
  private long addRun(long position, long end, DataReply reply) {
    long first = pageAt(position / PAGE);
    long start = position % PAGE;
    long next = position - start + PAGE;
    if (first == 0) {
      long bytes = Math.min(next, end) - position;
      reply.add(Zeroes.PAGE, start, bytes);
      return bytes;
    }
    long last = first;
    while (next < end) {
      long page = pageAt(next / PAGE);
      if (!PagePool.adjacent(last, page)) {
        break;
      }
      last = page;
      next += PAGE;
    }
    long bytes = Math.min(next, end) - position;
    reply.add(pool.memory(first), PagePool.offset(first) + start, bytes);
    return bytes;
  }

  private long pageAt(long index) {
    long[] block = blocks.get(index / BLOCK_PAGES);
    return block == null ? 0 : block[(int) (index % BLOCK_PAGES)];
  }

  /**
   * Copies bytes in.
   *
   * @return how many fitted; fewer than asked for when the file system is full
   */
  long write(MemorySegment source, long sourceOffset, long offset, long length) {
    long stamp = lock.writeLock();
    try {
      long done = 0;
      while (done < length) {
        long position = offset + done;
        long page = pageForWriting(position / PAGE);
        if (page == 0) {
          break;
        }
        long within = position % PAGE;
        long bytes = Math.min(PAGE - within, length - done);
        MemorySegment.copy(
            source, sourceOffset + done, pool.memory(page), PagePool.offset(page) + within, bytes);
        done += bytes;
      }
      size = Math.max(size, done == 0 ? 0 : offset + done);
      return done;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** The page, allocated if need be; 0 when the file system is full. */
  private long pageForWriting(long index) {
    Long key = index / BLOCK_PAGES;
    long[] block = blocks.get(key);
    int slot = (int) (index % BLOCK_PAGES);
    if (block != null && block[slot] != 0) {
      return block[slot];
    }
    long page = pool.take();
    if (page == 0) {
      return 0;
    }
    if (block == null) {
      block = new long[BLOCK_PAGES];
      blocks.put(key, block);
    }
    block[slot] = page;
    long now = pages;
    pages = now + 1;
    return page;
  }

  /** Sets the length; what is cut off is gone, what is added reads as zeroes. */
  void truncate(long length) {
    long stamp = lock.writeLock();
    try {
      if (length < size) {
        release(length, Long.MAX_VALUE);
      }
      size = length;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Makes a range a hole; the length stays. */
  void punch(long offset, long length) {
    long stamp = lock.writeLock();
    try {
      release(offset, end(offset, length));
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * Allocates a range.
   *
   * @param zero whether the range is to read as zeroes afterwards
   * @param keepSize whether the length stays although the range ends behind it
   * @return false when the file system is full; nothing is changed then but pages allocated
   */
  boolean allocate(long offset, long length, boolean zero, boolean keepSize) {
    long stamp = lock.writeLock();
    try {
      long end = end(offset, length);
      if (zero) {
        release(offset, end);
      }
      if ((end - offset) / PAGE > pool.pagesMax()) {
        return false;
      }
      for (long index = offset / PAGE; index * PAGE < end; index++) {
        if (pageForWriting(index) == 0) {
          return false;
        }
      }
      if (!keepSize) {
        size = Math.max(size, end);
      }
      return true;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  private static long end(long offset, long length) {
    return length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length;
  }

  /** Zeroes the partial pages at both ends and frees the whole ones between. */
  private void release(long from, long to) {
    long firstWhole = from / PAGE + (from % PAGE == 0 ? 0 : 1);
    long lastWhole = to / PAGE; // exclusive
    if (from / PAGE == to / PAGE && from % PAGE != 0) {
      clear(from, to);
      return;
    }
    if (from % PAGE != 0) {
      clear(from, firstWhole * PAGE);
    }
    if (to != Long.MAX_VALUE && to % PAGE != 0) {
      clear(lastWhole * PAGE, to);
    }
    freePages(firstWhole, lastWhole);
  }

  private void clear(long from, long to) {
    long page = pageAt(from / PAGE);
    if (page != 0) {
      pool.memory(page).asSlice(PagePool.offset(page) + from % PAGE, to - from).fill((byte) 0);
    }
  }

  private void freePages(long from, long to) {
    if (from >= to) {
      return;
    }
    long firstBlock = from / BLOCK_PAGES;
    long lastBlock = (to - 1) / BLOCK_PAGES;
    Iterator<Map.Entry<Long, long[]>> entries =
        blocks.subMap(firstBlock, true, lastBlock, true).entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<Long, long[]> entry = entries.next();
      long start = entry.getKey() * BLOCK_PAGES;
      int low = (int) Math.max(0, from - start);
      int high = (int) Math.min(BLOCK_PAGES, to - start);
      freeSlots(entry.getValue(), low, high);
      if (low == 0 && high == BLOCK_PAGES) {
        entries.remove();
      }
    }
  }

  private void freeSlots(long[] block, int low, int high) {
    int freed = 0;
    for (int i = low; i < high; i++) {
      freed += block[i] == 0 ? 0 : 1;
    }
    pool.give(block, low, high);
    java.util.Arrays.fill(block, low, high, 0);
    long now = pages;
    pages = now - freed;
  }

  /**
   * The next data or hole at or behind an offset, as lseek(2) finds it.
   *
   * @return -1 when there is none: ENXIO
   */
  long seek(long offset, boolean data) {
    long stamp = lock.readLock();
    try {
      if (offset < 0 || offset >= size) {
        return -1;
      }
      return data ? seekData(offset) : seekHole(offset);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  private long seekData(long offset) {
    long index = offset / PAGE;
    Map.Entry<Long, long[]> entry = blocks.ceilingEntry(index / BLOCK_PAGES);
    while (entry != null) {
      long start = entry.getKey() * BLOCK_PAGES;
      for (int i = (int) Math.max(0, index - start); i < BLOCK_PAGES; i++) {
        if (entry.getValue()[i] != 0) {
          long found = Math.max(offset, (start + i) * PAGE);
          return found < size ? found : -1;
        }
      }
      entry = blocks.higherEntry(entry.getKey());
    }
    return -1;
  }

  private long seekHole(long offset) {
    long index = offset / PAGE;
    while (index * PAGE < size && pageAt(index) != 0) {
      index++;
    }
    return Math.min(size, Math.max(offset, index * PAGE));
  }

  /** Copies from another file without a detour through the kernel; the number of bytes. */
  long copyFrom(FileData source, long sourceOffset, long offset, long length) {
    long done = 0;
    MemorySegment buffer = MemorySegment.ofArray(new byte[(int) Math.min(length, 64 * 1024)]);
    while (done < length) {
      long bytes =
          source.copyOut(sourceOffset + done, buffer, Math.min(buffer.byteSize(), length - done));
      if (bytes == 0) {
        break;
      }
      long written = write(buffer, 0, offset + done, bytes);
      done += written;
      if (written < bytes) {
        break;
      }
    }
    return done;
  }

  private long copyOut(long offset, MemorySegment target, long length) {
    long stamp = lock.readLock();
    try {
      long end = Math.min(size, offset + length);
      long position = offset;
      while (position < end) {
        long within = position % PAGE;
        long bytes = Math.min(PAGE - within, end - position);
        long page = pageAt(position / PAGE);
        MemorySegment from = page == 0 ? Zeroes.PAGE : pool.memory(page);
        long start = page == 0 ? 0 : PagePool.offset(page) + within;
        MemorySegment.copy(from, start, target, position - offset, bytes);
        position += bytes;
      }
      return Math.max(0, end - offset);
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Frees everything; the file is gone. */
  void free() {
    truncate(0);
  }

  /** A page of zeroes, for holes. */
  private static final class Zeroes {
    static final MemorySegment PAGE =
        java.lang.foreign.Arena.global().allocate(PagePool.PAGE, PagePool.PAGE);
  }
}
