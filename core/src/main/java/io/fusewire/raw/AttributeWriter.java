package io.fusewire.raw;

import io.fusewire.wire.struct.AttrStruct;
import io.fusewire.wire.struct.EntryOut;
import io.fusewire.wire.struct.StatxStruct;
import java.lang.foreign.MemorySegment;

/** Puts attributes and entries into reply memory; the one place that encodes them. */
final class AttributeWriter {
  private AttributeWriter() {}

  /** Writes a {@code fuse_attr} at {@code base}. */
  static void attributes(Attributes from, MemorySegment memory, long base, ReplyPolicy policy) {
    AttrStruct.INO.set(memory, base, from.ino());
    AttrStruct.SIZE.set(memory, base, from.size());
    AttrStruct.BLOCKS.set(memory, base, from.blocks());
    AttrStruct.ATIME.set(memory, base, from.atime());
    AttrStruct.MTIME.set(memory, base, from.mtime());
    AttrStruct.CTIME.set(memory, base, from.ctime());
    AttrStruct.ATIMENSEC.set(memory, base, from.atimeNanos());
    AttrStruct.MTIMENSEC.set(memory, base, from.mtimeNanos());
    AttrStruct.CTIMENSEC.set(memory, base, from.ctimeNanos());
    AttrStruct.MODE.set(memory, base, from.mode());
    AttrStruct.NLINK.set(memory, base, from.nlink());
    AttrStruct.UID.set(memory, base, owner(from.uid(), policy.uid()));
    AttrStruct.GID.set(memory, base, owner(from.gid(), policy.gid()));
    AttrStruct.RDEV.set(memory, base, from.rdev());
    AttrStruct.BLKSIZE.set(memory, base, from.blksize());
    AttrStruct.FLAGS.set(memory, base, from.flags());
  }

  /** Writes a {@code fuse_statx} at {@code base}; the time of birth comes from elsewhere. */
  static void statx(Attributes from, MemorySegment memory, long base, ReplyPolicy policy) {
    StatxStruct.MASK.set(memory, base, StatxStruct.BASIC_STATS | StatxStruct.BTIME_BIT);
    StatxStruct.BLKSIZE.set(memory, base, from.blksize());
    StatxStruct.NLINK.set(memory, base, from.nlink());
    StatxStruct.UID.set(memory, base, owner(from.uid(), policy.uid()));
    StatxStruct.GID.set(memory, base, owner(from.gid(), policy.gid()));
    StatxStruct.MODE.set(memory, base, from.mode());
    StatxStruct.INO.set(memory, base, from.ino());
    StatxStruct.SIZE.set(memory, base, from.size());
    StatxStruct.BLOCKS.set(memory, base, from.blocks());
    StatxStruct.RDEV_MAJOR.set(memory, base, (from.rdev() >>> 8) & 0xfff);
    StatxStruct.RDEV_MINOR.set(memory, base, rdevMinor(from.rdev()));
    time(memory, base + StatxStruct.ATIME.offset(), from.atime(), from.atimeNanos());
    time(memory, base + StatxStruct.MTIME.offset(), from.mtime(), from.mtimeNanos());
    time(memory, base + StatxStruct.CTIME.offset(), from.ctime(), from.ctimeNanos());
  }

  static void time(MemorySegment memory, long base, long seconds, int nanos) {
    StatxStruct.TV_SEC.set(memory, base, seconds);
    StatxStruct.TV_NSEC.set(memory, base, nanos);
  }

  private static int rdevMinor(int rdev) {
    return (rdev & 0xff) | ((rdev >>> 12) & 0xfff00);
  }

  private static int owner(int own, int forced) {
    return forced == ReplyPolicy.UNCHANGED ? own : forced;
  }

  /** Writes a {@code fuse_entry_out}. */
  static void entry(
      MemorySegment memory,
      long base,
      long nodeId,
      Attributes attributes,
      Timeouts timeouts,
      ReplyPolicy policy) {
    EntryOut.NODEID.set(memory, base, nodeId);
    EntryOut.GENERATION.set(memory, base, attributes.generation());
    times(
        memory,
        base,
        timeouts.entryNanos(),
        policy.attributeNanos(nodeId, timeouts.attributeNanos()));
    attributes(attributes, memory, base + EntryOut.ATTR.offset(), policy);
  }

  /** Writes a {@code fuse_entry_out} without a node: the name does not exist. */
  static void noEntry(MemorySegment memory, long base, Timeouts timeouts) {
    zero(memory, base, EntryOut.SIZE);
    times(memory, base, timeouts.entryNanos(), timeouts.attributeNanos());
  }

  static void zero(MemorySegment memory, long base, long bytes) {
    memory.asSlice(base, bytes).fill((byte) 0);
  }

  private static void times(MemorySegment memory, long base, long entry, long attributes) {
    EntryOut.ENTRY_VALID.set(memory, base, entry / Timeouts.SECOND);
    EntryOut.ATTR_VALID.set(memory, base, attributes / Timeouts.SECOND);
    EntryOut.ENTRY_VALID_NSEC.set(memory, base, (int) (entry % Timeouts.SECOND));
    EntryOut.ATTR_VALID_NSEC.set(memory, base, (int) (attributes % Timeouts.SECOND));
  }
}
