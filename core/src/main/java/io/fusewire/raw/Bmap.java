package io.fusewire.raw;

import io.fusewire.wire.Errno;
import io.fusewire.wire.Frame;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Struct;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.layout.U64;

/** BMAP: maps a block of a file to a block of the device. */
public final class Bmap {
  private static final Struct IN = Struct.named("fuse_bmap_in");
  private static final U64 BLOCK = IN.u64("block");
  private static final U32 BLOCKSIZE = IN.u32("blocksize");

  static {
    IN.u32("padding");
  }

  private static final Struct OUT = Struct.named("fuse_bmap_out");
  static final U64 OUT_BLOCK = OUT.u64("block");
  static final int OUT_BYTES = (int) OUT.size();

  static final Operation OPERATION =
      Operation.of(Opcode.BMAP, Request::new, BmapReply::new)
          .arguments(IN)
          .readsNode()
          .serve((fileSystem, request, reply) -> fileSystem.bmap(request, reply));

  private Bmap() {}

  /** What BMAP asks. */
  public static final class Request extends RawRequest {
    Request(Frame frame) {
      super(frame);
    }

    /** The block of the file. */
    public long block() {
      return BLOCK.get(head, arguments);
    }

    /** Bytes of a block. */
    public int blockSize() {
      return BLOCKSIZE.get(head, arguments);
    }

    @Override
    void describe(StringBuilder text) {
      text.append(" block=").append(block());
      text.append(" blockSize=").append(blockSize());
    }
  }

  /** Serves BMAP. */
  public interface Handler {
    /** Maps a block; only for block device file systems. Default: ENOSYS. */
    default void bmap(Request request, BmapReply reply) {
      reply.error(Errno.ENOSYS);
    }
  }
}
