package io.fusewire.raw;

import io.fusewire.wire.Name;
import io.fusewire.wire.struct.Dirent;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Packs directory entries. */
final class DirectoryWriter {
  private static final int TYPE_SHIFT = 12;
  private static final int TYPE_MASK = 15;

  private DirectoryWriter() {}

  /** Bytes of a record with its name, padded to a multiple of 8. */
  static long paddedBytes(int structBytes, int nameBytes) {
    return (structBytes + nameBytes + 7L) & ~7L;
  }

  /** Writes one {@code fuse_dirent} with its name and padding. */
  static void dirent(MemorySegment memory, long base, Name name, long ino, int mode, long next) {
    Dirent.INO.set(memory, base, ino);
    Dirent.OFF.set(memory, base, next);
    Dirent.NAMELEN.set(memory, base, name.length());
    Dirent.TYPE.set(memory, base, (mode >>> TYPE_SHIFT) & TYPE_MASK);
    long start = base + Dirent.SIZE;
    MemorySegment.copy(name.memory(), name.offset(), memory, start, name.length());
    long end = base + paddedBytes(Dirent.SIZE, name.length());
    for (long pad = start + name.length(); pad < end; pad++) {
      memory.set(ValueLayout.JAVA_BYTE, pad, (byte) 0);
    }
  }
}
