package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Reserved;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;
import java.lang.foreign.MemorySegment;

/** STATFS: the state of the whole file system. */
public final class Statfs {
  private static final Struct OUT = Struct.named("fuse_kstatfs");
  private static final U64 BLOCKS = OUT.u64("blocks");
  private static final U64 BFREE = OUT.u64("bfree");
  private static final U64 BAVAIL = OUT.u64("bavail");
  private static final U64 FILES = OUT.u64("files");
  private static final U64 FFREE = OUT.u64("ffree");
  private static final U32 BSIZE = OUT.u32("bsize");
  private static final U32 NAMELEN = OUT.u32("namelen");
  private static final U32 FRSIZE = OUT.u32("frsize");
  private static final U32 PADDING = OUT.u32("padding");
  private static final Reserved SPARE = OUT.reserved("spare", Integer.BYTES, 6);
  static final int OUT_BYTES = (int) OUT.size();

  static final Operation OPERATION =
      Operation.of(Opcode.STATFS, Request::new, StatfsReply::new)
          .serve((fileSystem, request, reply) -> fileSystem.statfs(request, reply));

  private Statfs() {}

  static void write(Status status, MemorySegment memory, long base) {
    BLOCKS.set(memory, base, status.blocks());
    BFREE.set(memory, base, status.freeBlocks());
    BAVAIL.set(memory, base, status.availableBlocks());
    FILES.set(memory, base, status.files());
    FFREE.set(memory, base, status.freeFiles());
    BSIZE.set(memory, base, status.blockSize());
    NAMELEN.set(memory, base, status.nameBytesMax());
    FRSIZE.set(memory, base, status.fragmentSize());
    PADDING.set(memory, base, 0);
    AttributeWriter.zero(memory, base + SPARE.offset(), SPARE.bytes());
  }

  /** The numbers of statvfs(3); blocks count in units of {@link #fragmentSize} bytes. */
  public interface Status {
    /** All blocks. */
    long blocks();

    /** Free blocks. */
    long freeBlocks();

    /** Free blocks for ordinary users. */
    default long availableBlocks() {
      return freeBlocks();
    }

    /** All inodes. */
    long files();

    /** Free inodes. */
    long freeFiles();

    /** Preferred I/O size in bytes. */
    default int blockSize() {
      return 4096;
    }

    /** Bytes of a block. */
    default int fragmentSize() {
      return blockSize();
    }

    /** The longest name, in bytes. */
    default int nameBytesMax() {
      return 255;
    }
  }

  /** What STATFS asks: nothing but the node. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }
  }

  /** Serves STATFS. */
  public interface Handler {
    /** Tells sizes and free space. Default: ENOSYS. */
    default void statfs(Request request, StatfsReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
