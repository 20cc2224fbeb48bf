package io.fusewire.raw;

import io.fusewire.wire.Opcode;

/**
 * A file system that is addressed by node ids: the inode API.
 *
 * <p>Every method serves one opcode and answers its reply exactly once, now or later. What is not
 * overridden answers ENOSYS, which the kernel understands. Node 1 is the root. Handlers run at the
 * same time on several threads; {@link #execution} says on which kind. An exception becomes EIO.
 */
public interface RawFileSystem
    extends Access.Handler,
        Bmap.Handler,
        CopyFileRange.Handler,
        Create.Handler,
        Fallocate.Handler,
        Flush.Handler,
        Forget.Handler,
        Fsync.Handler,
        Fsyncdir.Handler,
        Getattr.Handler,
        Getlk.Handler,
        Getxattr.Handler,
        Interrupt.Handler,
        Ioctl.Handler,
        Link.Handler,
        Listxattr.Handler,
        Lookup.Handler,
        Lseek.Handler,
        Mkdir.Handler,
        Mknod.Handler,
        NotifyReply.Handler,
        Open.Handler,
        Opendir.Handler,
        Poll.Handler,
        Read.Handler,
        Readdir.Handler,
        Readdirplus.Handler,
        Readlink.Handler,
        Release.Handler,
        Releasedir.Handler,
        Removexattr.Handler,
        Rename.Handler,
        Rmdir.Handler,
        Setattr.Handler,
        Setlk.Handler,
        Setxattr.Handler,
        Statfs.Handler,
        Statx.Handler,
        Symlink.Handler,
        Syncfs.Handler,
        Tmpfile.Handler,
        Unlink.Handler,
        Write.Handler {
  /** The node id of the root directory. */
  long ROOT = 1;

  /**
   * Called once before the first request, on the mounting thread, with what the kernel offers and
   * the mount asks for. Throwing makes the mount fail.
   */
  default void init(Negotiation negotiation) {}

  /** Called once after the last request has ended, however the mount ended. */
  default void destroy() {}

  /**
   * Where the handler of this opcode runs; asked once for each at the mount. The default is a
   * virtual thread, which is safe for handlers that block in Java. FORGET, BATCH_FORGET, INTERRUPT
   * and NOTIFY_REPLY must never block and always run inline.
   */
  default Execution execution(Opcode opcode) {
    return Execution.VIRTUAL;
  }
}
