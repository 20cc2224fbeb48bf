package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.Lock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The POSIX locks that one owner holds on one node, without overlaps. The backing file system has
 * them, too, but does not tell whose they are. Guarded by its user's lock.
 */
final class HeldLocks {
  /**
   * A locked range.
   *
   * @param end the last byte; Long.MAX_VALUE for the end of the file
   */
  record Range(int type, long start, long end) {
    boolean overlaps(Range other) {
      return start <= other.end && other.start <= end;
    }

    /** Two owners cannot have both. */
    boolean conflicts(Range other) {
      return overlaps(other) && (type == Lock.F_WRLCK || other.type == Lock.F_WRLCK);
    }
  }

  private final List<Range> ranges = new ArrayList<>();

  /** The process that locked last. */
  int pid;

  /** The file handle it used: locks of an open file (F_OFD_SETLK) end with that file. */
  long fileHandle;

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /** Locks or unlocks a range: it replaces what the owner had there. */
  void set(Range wanted) {
    List<Range> kept = new ArrayList<>();
    for (Range range : ranges) {
      if (!range.overlaps(wanted)) {
        kept.add(range);
        continue;
      }
      if (range.start() < wanted.start()) {
        kept.add(new Range(range.type(), range.start(), wanted.start() - 1));
      }
      if (range.end() > wanted.end()) {
        kept.add(new Range(range.type(), wanted.end() + 1, range.end()));
      }
    }
    if (wanted.type() != Lock.F_UNLCK) {
      kept.add(wanted);
    }
    ranges.clear();
    ranges.addAll(kept);
  }

  /** The first range in the way of another owner, or null. */
  @Nullable Range conflict(Range wanted) {
    Range first = null;
    for (Range range : ranges) {
      if (range.conflicts(wanted) && (first == null || range.start() < first.start())) {
        first = range;
      }
    }
    return first;
  }
}
