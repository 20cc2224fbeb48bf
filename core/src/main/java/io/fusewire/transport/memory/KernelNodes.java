package io.fusewire.transport.memory;

import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.Dirent;
import io.fusewire.wire.struct.DirentPlus;
import io.fusewire.wire.struct.EntryOut;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The nodes that the kernel knows: how many lookups of each it holds, and how many requests and
 * open files keep it from being forgotten. Only {@link #isKnown} may be called from any thread.
 */
final class KernelNodes {
  static final long ROOT = 1;

  private final Map<Long, Long> lookups = new ConcurrentHashMap<>();
  private final Map<Long, Integer> uses = new HashMap<>();

  boolean isKnown(long node) {
    return node == ROOT || lookups.containsKey(node);
  }

  long lookups(long node) {
    return lookups.getOrDefault(node, 0L);
  }

  boolean isUsed(long node) {
    return uses.containsKey(node);
  }

  List<Long> known() {
    return lookups.keySet().stream().sorted().toList();
  }

  void use(long node) {
    uses.merge(node, 1, Integer::sum);
  }

  void unuse(long node) {
    uses.computeIfPresent(node, (id, count) -> count == 1 ? null : Integer.valueOf(count - 1));
  }

  /** Drops a node: how many lookups are to be given back. */
  long forget(long node) {
    Long held = lookups.remove(node);
    return held == null ? 0 : held;
  }

  /** Counts the lookups that a successful answer carries. */
  void answered(Opcode opcode, MemorySegment body) {
    switch (opcode) {
      case LOOKUP, MKNOD, MKDIR, SYMLINK, LINK, CREATE, TMPFILE ->
          hold(EntryOut.NODEID.get(body, 0));
      case READDIRPLUS -> list(body);
      default -> {}
    }
  }

  private void hold(long node) {
    if (node != 0 && node != ROOT) {
      lookups.merge(node, 1L, Long::sum);
    }
  }

  /** As {@code parse_dirplusfile}: entries without a node, "." and ".." count nothing. */
  private void list(MemorySegment body) {
    long position = 0;
    while (position + DirentPlus.STRUCT.size() <= body.byteSize()) {
      long dirent = position + DirentPlus.DIRENT.offset();
      int length = Dirent.NAMELEN.get(body, dirent);
      byte[] bytes = body.asSlice(dirent + Dirent.SIZE, length).toArray(ValueLayout.JAVA_BYTE);
      String name = new String(bytes, StandardCharsets.UTF_8);
      if (!name.equals(".") && !name.equals("..")) {
        hold(EntryOut.NODEID.get(body, position));
      }
      position += (DirentPlus.STRUCT.size() + length + Long.BYTES - 1) & -Long.BYTES;
    }
  }
}
