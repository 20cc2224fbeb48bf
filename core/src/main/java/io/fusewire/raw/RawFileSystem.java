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

  /**
   * Called once after the last request has ended, however the mount ended. It frees what is still
   * open or known: for that no RELEASE and no FORGET comes, neither after an abort nor for those
   * that could not start before the close time was over.
   */
  default void destroy() {}

  /**
   * Where the handler of this opcode runs; asked once for each at the mount. The default is a
   * virtual thread, which is safe for handlers that block in Java. FORGET, BATCH_FORGET, INTERRUPT
   * and NOTIFY_REPLY must never block and always run inline.
   */
  default Execution execution(Opcode opcode) {
    return Execution.VIRTUAL;
  }

  /**
   * True for operations that wait by design for another request, as a lock for its unlock: they
   * take no place among those that run, so that the one they wait for always finds one. A handler
   * that finds out only while it runs says {@link Reply#waits}. Asked once at the mount.
   */
  default boolean waits(Opcode opcode) {
    return opcode == Opcode.SETLKW;
  }

  /**
   * True for operations whose thread may be interrupted (java.lang.Thread) when their caller gets a
   * signal. Not the default: an interrupt closes the channels that the handler uses, for everybody.
   * Asked once at the mount; not for handlers that run inline.
   */
  default boolean interruptible(Opcode opcode) {
    return false;
  }
}
