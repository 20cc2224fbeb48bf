package io.fusewire.benchmarks;

import io.fusewire.raw.RawFileSystem;
import io.fusewire.wire.Name;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The names, nodes and sizes of the null file system, the same as in {@code native/floor.c}. A node
 * id is a kind in the upper bits and an index within the kind below. Allocates nothing.
 */
final class NullFiles {
  static final long BIG = 2;
  static final long DIRECTORY = 3;
  static final int LISTED_FILES = 10_000;

  /** No node. */
  static final long NONE = 0;

  private static final int KIND_SHIFT = 56;
  private static final long KIND_PLAIN = 1L << KIND_SHIFT;
  private static final long KIND_BLOCK = 2L << KIND_SHIFT;
  private static final long KIND_LISTED = 3L << KIND_SHIFT;
  private static final long KIND_CREATED = 4L << KIND_SHIFT;
  private static final int BLOCK_FILES = 1000;
  private static final long BIG_BYTES = 256L << 20;
  private static final long BLOCK_BYTES = 32L << 20;
  private static final int CLIENT_THREADS = 1024;
  private static final int CREATED_SHIFT = 40;
  private static final int DIGITS_MAX = 12;

  // For each client thread one more than the <n> of its c<thread>_<n>, or 0.
  private final AtomicLongArray created = new AtomicLongArray(CLIENT_THREADS);

  /** The node with this name in this directory, or {@link #NONE}. */
  long find(long parent, Name name) {
    if (name.length() < 2) {
      return NONE;
    }
    byte first = name.byteAt(0);
    if (parent == DIRECTORY) {
      return first == 'n' ? indexed(KIND_LISTED, name, LISTED_FILES) : NONE;
    }
    if (parent != RawFileSystem.ROOT) {
      return NONE;
    }
    return switch (first) {
      case 'f' -> indexed(KIND_PLAIN, name, Long.MAX_VALUE);
      case 'b' -> name.contentEquals("big") ? BIG : indexed(KIND_BLOCK, name, BLOCK_FILES);
      case 'c' -> findCreated(name);
      default -> name.contentEquals("d10k") ? DIRECTORY : NONE;
    };
  }

  private static long indexed(long kind, Name name, long limit) {
    long index = number(name, 1, name.length());
    return index >= 0 && index < limit ? kind | index : NONE;
  }

  private long findCreated(Name name) {
    long node = createdNode(name);
    return node != NONE && created.get(thread(node)) == serial(node) + 1 ? node : NONE;
  }

  /** Makes c&lt;thread&gt;_&lt;n&gt; exist; its node, or {@link #NONE} for any other name. */
  long create(Name name) {
    long node = createdNode(name);
    if (node != NONE) {
      created.set(thread(node), serial(node) + 1);
    }
    return node;
  }

  /** Removes c&lt;thread&gt;_&lt;n&gt;; false for any other name. */
  boolean remove(Name name) {
    long node = createdNode(name);
    if (node != NONE) {
      created.set(thread(node), 0);
    }
    return node != NONE;
  }

  private static long createdNode(Name name) {
    int separator = 1;
    while (separator < name.length() && name.byteAt(separator) != '_') {
      separator++;
    }
    long thread = number(name, 1, separator);
    long serial = number(name, separator + 1, name.length());
    boolean valid = name.byteAt(0) == 'c' && thread >= 0 && thread < CLIENT_THREADS && serial >= 0;
    return valid ? KIND_CREATED | thread << CREATED_SHIFT | serial : NONE;
  }

  private static int thread(long createdNode) {
    return (int) ((createdNode & ~KIND_CREATED) >>> CREATED_SHIFT);
  }

  private static long serial(long createdNode) {
    return createdNode & ((1L << CREATED_SHIFT) - 1);
  }

  /** The decimal number between two places of a name, or -1. */
  private static long number(Name name, int start, int end) {
    if (start >= end || end - start > DIGITS_MAX) {
      return -1;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = name.byteAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  static boolean isDirectory(long node) {
    return node == RawFileSystem.ROOT || node == DIRECTORY;
  }

  static long size(long node) {
    if (node == BIG) {
      return BIG_BYTES;
    }
    return node >>> KIND_SHIFT == KIND_BLOCK >>> KIND_SHIFT ? BLOCK_BYTES : 0;
  }

  /** The node of the file in d10k with this index. */
  static long listed(int index) {
    return KIND_LISTED | index;
  }
}
