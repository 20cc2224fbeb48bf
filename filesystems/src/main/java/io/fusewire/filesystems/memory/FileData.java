package io.fusewire.filesystems.memory;

import io.fusewire.raw.DataReply;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.locks.StampedLock;

/**
 * The content of one regular file: pages where something was written, holes elsewhere.
 *
 * <p>One lock guards all; readers share it until their bytes are with the kernel.
 */
final class FileData {
  /** The largest file: what the kernel's page cache can address. */
  static final long BYTES_MAX = Long.MAX_VALUE & -PagePool.PAGE;

  private static final int PAGE = PagePool.PAGE;
  private static final int COPY_BYTES = 64 * 1024;

  private final PagePool pool;
  private final HeapBudget heap;
  private final StampedLock lock = new StampedLock();
  private final PageMap map = new PageMap();
  private volatile long size;
  private volatile long pages;

  FileData(PagePool pool, HeapBudget heap) {
    this.pool = pool;
    this.heap = heap;
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
      long end = Math.min(size, end(offset, reply.limit()));
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
    long first = map.get(position / PAGE);
    long start = position % PAGE;
    long next = position - start + PAGE;
    if (first == 0) {
      long bytes = Math.min(next, end) - position;
      reply.add(Zeroes.PAGE, start, bytes);
      return bytes;
    }
    long last = first;
    while (next < end) {
      long page = map.get(next / PAGE);
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

  /**
   * Copies bytes in.
   *
   * @return how many fitted; fewer than asked for when the file system is full
   */
  long write(MemorySegment source, long sourceOffset, long offset, long length) {
    long stamp = lock.writeLock();
    Reservation space = new Reservation();
    try {
      space.upTo(missing(offset, offset + length));
      long done = 0;
      while (done < length) {
        long position = offset + done;
        long within = position % PAGE;
        long bytes = Math.min(PAGE - within, length - done);
        long page = space.pageAt(position / PAGE, bytes < PAGE);
        if (page == 0) {
          break;
        }
        MemorySegment.copy(
            source, sourceOffset + done, pool.memory(page), PagePool.offset(page) + within, bytes);
        done += bytes;
      }
      size = Math.max(size, done == 0 ? 0 : offset + done);
      return done;
    } finally {
      space.close();
      lock.unlockWrite(stamp);
    }
  }

  /** How many pages a range lacks. */
  private long missing(long offset, long end) {
    long lacking = 0;
    for (long index = offset / PAGE; index <= (end - 1) / PAGE; index++) {
      lacking += map.get(index) == 0 ? 1 : 0;
    }
    return lacking;
  }

  /** Space for one change of this file: reserved at once, taken page by page, the rest returned. */
  private final class Reservation {
    private final long heapBefore = map.heapBytes();
    private long left;

    void upTo(long count) {
      left = pool.reserveUpTo(count);
    }

    boolean all(long count) {
      boolean reserved = heap.left() >= PageMap.heapBytesFor(count) && pool.reserve(count);
      left = reserved ? count : 0;
      return reserved;
    }

    /** The page, taken if need be; 0 when nothing is left. */
    long pageAt(long index, boolean zeroed) {
      long known = map.get(index);
      if (known != 0) {
        return known;
      }
      if (left == 0 || heap.left() == 0) {
        return 0;
      }
      long page = pool.take(zeroed);
      if (page != 0) {
        left--;
        map.put(index, page);
      }
      return page;
    }

    void close() {
      pool.unreserve(left);
      noteSize(heapBefore);
    }
  }

  private void noteSize(long heapBefore) {
    pages = map.size();
    heap.note(map.heapBytes() - heapBefore);
  }

  /** Sets the length; what is cut off is gone, what is added reads as zeroes. */
  void truncate(long length) {
    long stamp = lock.writeLock();
    try {
      if (length <= size) {
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
   * @return false when the file system has not so much space; nothing is changed then, unless the
   *     kernel itself has no memory for pages that were promised: then those before them stay
   */
  boolean allocate(long offset, long length, boolean zero, boolean keepSize) {
    long stamp = lock.writeLock();
    Reservation space = new Reservation();
    try {
      long end = end(offset, length);
      boolean canFit = (end - offset) / PAGE <= pool.pagesMax(); // else counting takes for ever
      if (!canFit || !space.all(missing(offset, end)) || !fill(offset, end, space)) {
        return false;
      }
      if (zero) {
        clear(offset, end);
      }
      if (!keepSize) {
        size = Math.max(size, end);
      }
      return true;
    } finally {
      space.close();
      lock.unlockWrite(stamp);
    }
  }

  /** Takes all missing pages. */
  private boolean fill(long offset, long end, Reservation space) {
    long last = (end - 1) / PAGE;
    long index = map.nextHole(offset / PAGE);
    while (index <= last) {
      if (space.pageAt(index, true) == 0) {
        return false;
      }
      index = map.nextHole(index);
    }
    return true;
  }

  private static long end(long offset, long length) {
    return length > Long.MAX_VALUE - offset ? Long.MAX_VALUE : offset + length;
  }

  /** Zeroes the partial pages at both ends and frees the whole ones between. */
  private void release(long from, long to) {
    long firstWhole = from / PAGE + (from % PAGE == 0 ? 0 : 1);
    long endWhole = to / PAGE;
    if (firstWhole > endWhole) {
      clear(from, to);
      return;
    }
    clear(from, firstWhole * PAGE);
    if (to != Long.MAX_VALUE) {
      clear(endWhole * PAGE, to);
    }
    long heapBefore = map.heapBytes();
    map.remove(firstWhole, endWhole, pool);
    noteSize(heapBefore);
  }

  /** Zeroes what a range has of pages. */
  private void clear(long from, long to) {
    long position = from;
    while (position < to) {
      long within = position % PAGE;
      long bytes = Math.min(PAGE - within, to - position);
      long page = map.get(position / PAGE);
      if (page != 0) {
        pool.memory(page).asSlice(PagePool.offset(page) + within, bytes).fill((byte) 0);
      }
      position += bytes;
    }
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
      long index = offset / PAGE;
      if (!data) {
        return Math.min(size, Math.max(offset, map.nextHole(index) * PAGE));
      }
      long found = map.next(index);
      long position = Math.max(offset, found * PAGE);
      return found >= 0 && position < size ? position : -1;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /**
   * Copies from another file, or from elsewhere in this one, without a detour through the kernel.
   * Holes stay holes.
   *
   * @return the number of bytes; fewer than there are when the file system is full
   */
  long copyFrom(FileData source, long sourceOffset, long offset, long length) {
    long whole = Math.min(length, Math.max(0, source.size() - sourceOffset));
    MemorySegment buffer = MemorySegment.ofArray(new byte[(int) Math.min(whole, COPY_BYTES)]);
    long done = 0;
    while (done < whole) {
      long from = sourceOffset + done;
      long data = source.seek(from, true);
      if (data < 0 && from >= source.size()) {
        break;
      }
      long hole = data < 0 ? whole - done : Math.min(data - from, whole - done);
      if (hole > 0) {
        makeHole(offset + done, hole);
        done += hole;
        continue;
      }
      long run = Math.min(whole - done, source.seek(from, false) - from);
      long bytes = source.copyOut(from, buffer, Math.min(buffer.byteSize(), run));
      long written = write(buffer, 0, offset + done, bytes);
      done += written;
      if (bytes == 0 || written < bytes) {
        break; // full, or the source was cut meanwhile
      }
    }
    return done;
  }

  private void makeHole(long offset, long length) {
    long stamp = lock.writeLock();
    try {
      release(offset, offset + length);
      size = Math.max(size, offset + length);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Copies bytes out; the number, fewer only at the end of the file. */
  long copyOut(long offset, MemorySegment target, long length) {
    long stamp = lock.readLock();
    try {
      long end = Math.min(size, offset + length);
      long position = offset;
      while (position < end) {
        long within = position % PAGE;
        long bytes = Math.min(PAGE - within, end - position);
        long page = map.get(position / PAGE);
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

  /**
   * Frees everything; the file is gone. The space counts as free at once, before all pages are
   * back: who removed a large file may fill it again right away.
   */
  void free() {
    long stamp = lock.writeLock();
    try {
      pool.unreserve(map.size());
      long heapBefore = map.heapBytes();
      map.remove(0, Long.MAX_VALUE, pool::giveUnreserved);
      noteSize(heapBefore);
      size = 0;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** A page of zeroes, for holes. */
  private static final class Zeroes {
    static final MemorySegment PAGE = Arena.global().allocate(PagePool.PAGE, PagePool.PAGE);
  }
}
