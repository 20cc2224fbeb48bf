package io.fusewire.transport.memory;

import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.layout.Field;
import io.fusewire.wire.layout.U32;
import io.fusewire.wire.struct.AttrOut;
import io.fusewire.wire.struct.EntryOut;
import io.fusewire.wire.struct.FileLock;
import io.fusewire.wire.struct.InHeader;
import io.fusewire.wire.struct.InitStructs;
import io.fusewire.wire.struct.OpenOut;
import io.fusewire.wire.struct.StatxStruct;
import java.lang.foreign.MemorySegment;

/**
 * How many bytes the kernel takes behind the header of a successful answer: exactly so many, or
 * with a variable last argument up to the room that the caller has.
 */
record ReplyShape(long bytesMin, long bytesMax) {
  /** Nothing but the header. */
  static final ReplyShape EMPTY = exactly(0);

  /** For requests that no kernel would send: whatever the server makes of them. */
  static final ReplyShape ANY = upTo(Integer.MAX_VALUE);

  /** One 64-bit result, or two of 32 bits: write_out, lseek_out, bmap_out and their like. */
  private static final ReplyShape WORD = exactly(Long.BYTES);

  private static final ReplyShape ENTRY = exactly(EntryOut.SIZE);
  private static final ReplyShape OPENED = exactly(OpenOut.SIZE);
  private static final ReplyShape ATTRIBUTES = exactly(AttrOut.SIZE);
  private static final ReplyShape CREATED = exactly(EntryOut.SIZE + (long) OpenOut.SIZE);
  private static final long LINK_TARGET_MAX = 4095;
  private static final long STATFS_BYTES = 80;
  private static final long STATX_HEAD_BYTES = 32;
  private static final long IOCTL_OUT_BYTES = 16;

  private static ReplyShape exactly(long bytes) {
    return new ReplyShape(bytes, bytes);
  }

  private static ReplyShape upTo(long bytes) {
    return new ReplyShape(0, bytes);
  }

  /** What the answer to this request must look like. */
  static ReplyShape of(MemorySegment request) {
    Opcode opcode = Opcode.of(InHeader.OPCODE.get(request, 0));
    if (opcode == Opcode.INIT) {
      return upTo(InitStructs.OUT.size());
    }
    Operation operation = opcode == null ? null : Operations.of(opcode.number());
    long arguments = operation == null ? 0 : operation.arguments().size();
    if (operation == null || request.byteSize() < InHeader.SIZE + arguments) {
      return ANY;
    }
    return switch (operation.opcode()) {
      case LOOKUP, MKNOD, MKDIR, SYMLINK, LINK -> ENTRY;
      case CREATE, TMPFILE -> CREATED;
      case GETATTR, SETATTR -> ATTRIBUTES;
      case STATX -> exactly(STATX_HEAD_BYTES + StatxStruct.STRUCT.size());
      case OPEN, OPENDIR -> OPENED;
      case READLINK -> upTo(LINK_TARGET_MAX);
      case READ, READDIR, READDIRPLUS -> upTo(field(request, operation, "size"));
      case GETXATTR, LISTXATTR -> {
        long size = field(request, operation, "size");
        yield size == 0 ? WORD : upTo(size);
      }
      case IOCTL ->
          new ReplyShape(IOCTL_OUT_BYTES, IOCTL_OUT_BYTES + field(request, operation, "out_size"));
      case STATFS -> exactly(STATFS_BYTES);
      case GETLK -> exactly(FileLock.STRUCT.size());
      case WRITE, LSEEK, BMAP, POLL, COPY_FILE_RANGE, COPY_FILE_RANGE_64 -> WORD;
      default -> EMPTY;
    };
  }

  private static long field(MemorySegment request, Operation operation, String name) {
    for (Field field : operation.arguments().fields()) {
      if (field instanceof U32 number && number.name().equals(name)) {
        return Integer.toUnsignedLong(number.get(request, InHeader.SIZE));
      }
    }
    throw new IllegalArgumentException(operation + " has no field " + name);
  }

  /** True when the kernel takes so many bytes. */
  boolean takes(long bytes) {
    return bytes >= bytesMin && bytes <= bytesMax;
  }
}
