package io.fusewire.raw;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The catalogue of the opcodes that are served; all others are answered with ENOSYS. */
public final class Operations {
  private static final List<Operation> ALL =
      List.of(
          Access.OPERATION,
          Bmap.OPERATION,
          CopyFileRange.OPERATION,
          CopyFileRange.OPERATION_64,
          Create.OPERATION,
          Fallocate.OPERATION,
          Flush.OPERATION,
          Forget.OPERATION,
          Forget.OPERATION_BATCH,
          Fsync.OPERATION,
          Fsyncdir.OPERATION,
          Getattr.OPERATION,
          Getlk.OPERATION,
          Getxattr.OPERATION,
          Interrupt.OPERATION,
          Ioctl.OPERATION,
          Link.OPERATION,
          Listxattr.OPERATION,
          Lookup.OPERATION,
          Lseek.OPERATION,
          Mkdir.OPERATION,
          Mknod.OPERATION,
          NotifyReply.OPERATION,
          Open.OPERATION,
          Opendir.OPERATION,
          Poll.OPERATION,
          Read.OPERATION,
          Readdir.OPERATION,
          Readdirplus.OPERATION,
          Readlink.OPERATION,
          Release.OPERATION,
          Releasedir.OPERATION,
          Removexattr.OPERATION,
          Rename.OPERATION,
          Rename.OPERATION_2,
          Rmdir.OPERATION,
          Setattr.OPERATION,
          Setlk.OPERATION,
          Setlk.OPERATION_WAIT,
          Setxattr.OPERATION,
          Statfs.OPERATION,
          Statx.OPERATION,
          Symlink.OPERATION,
          Syncfs.OPERATION,
          Tmpfile.OPERATION,
          Unlink.OPERATION,
          Write.OPERATION);

  /** One more than the largest opcode in the catalogue. */
  public static final int LIMIT = 64;

  private static final @Nullable Operation[] BY_OPCODE = new Operation[LIMIT];

  static {
    for (Operation operation : ALL) {
      BY_OPCODE[operation.opcode().number()] = operation;
    }
  }

  private Operations() {}

  /** The operation with this opcode, or null when it is not served. */
  public static @Nullable Operation of(int opcode) {
    return opcode >= 0 && opcode < LIMIT ? BY_OPCODE[opcode] : null;
  }

  /** Every operation of the catalogue. */
  public static List<Operation> all() {
    return ALL;
  }
}
