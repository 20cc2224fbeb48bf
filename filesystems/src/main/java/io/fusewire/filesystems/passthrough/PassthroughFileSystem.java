package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.StatvfsBuffer;
import io.fusewire.linux.sys.XattrCalls;
import io.fusewire.raw.Access;
import io.fusewire.raw.AttrReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Getlk;
import io.fusewire.raw.Getxattr;
import io.fusewire.raw.Interrupt;
import io.fusewire.raw.Ioctl;
import io.fusewire.raw.IoctlReply;
import io.fusewire.raw.Listxattr;
import io.fusewire.raw.LockReply;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.Removexattr;
import io.fusewire.raw.Setattr;
import io.fusewire.raw.Setlk;
import io.fusewire.raw.Setxattr;
import io.fusewire.raw.Statfs;
import io.fusewire.raw.StatfsReply;
import io.fusewire.raw.Statx;
import io.fusewire.raw.StatxReply;
import io.fusewire.raw.XattrReply;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.SetattrFlags;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/**
 * Mirrors a directory of the host, by system calls on descriptors, never by paths.
 *
 * <p>Handlers sit in system calls and run on platform threads, as the server or as their caller
 * (see {@link PassthroughOptions#kernelChecks}). {@link Descriptors} bounds what is kept open.
 */
public final class PassthroughFileSystem extends PassthroughFiles {
  /** Mirrors a directory with default options. */
  public PassthroughFileSystem(Path directory) throws LinuxException {
    this(directory, PassthroughOptions.defaults());
  }

  /**
   * Mirrors a directory.
   *
   * @throws LinuxException when it cannot be opened
   */
  public PassthroughFileSystem(Path directory, PassthroughOptions options) throws LinuxException {
    super(directory, options);
  }

  @Override
  public void init(Negotiation negotiation) {
    negotiation.want(
        InitFlags.DO_READDIRPLUS
            | InitFlags.READDIRPLUS_AUTO
            | InitFlags.DONT_MASK
            | InitFlags.HANDLE_KILLPRIV_V2);
    if (options.kernelChecks()) {
      negotiation.want(InitFlags.POSIX_ACL); // makes the kernel check modes, too
    }
    if (options.forwardLocks()) {
      negotiation.want(InitFlags.POSIX_LOCKS | InitFlags.FLOCK_LOCKS);
    }
    if (options.backing()) {
      negotiation.want(InitFlags.PASSTHROUGH);
    }
    directMaps = negotiation.grants(InitFlags.DIRECT_IO_ALLOW_MMAP);
    writebackCache = negotiation.grants(InitFlags.WRITEBACK_CACHE);
    backing = negotiation.grants(InitFlags.PASSTHROUGH);
  }

  @Override
  public void destroy() {
    locks.close();
    directories.closeAll();
    files.closeAll();
    descriptors.close();
  }

  @Override
  public Execution execution(Opcode opcode) {
    return Execution.PLATFORM;
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    Scratch scratch = Scratch.current();
    if (request.hasFileHandle()) {
      OpenFile file = files.use(request.fileHandle());
      try {
        check(scratch.stat(file.descriptor));
      } finally {
        file.endUse();
      }
    } else {
      statNode(node(request.nodeId()), scratch);
    }
    reply.attributes(scratch, timeouts().attributeNanos());
  }

  @Override
  public void statx(Statx.Request request, StatxReply reply) {
    Scratch scratch = Scratch.current();
    statNode(node(request.nodeId()), scratch);
    reply.attributes(scratch, scratch.birth(), scratch.birthNanos(), timeouts().attributeNanos());
  }

  private void statNode(BackingNode node, Scratch scratch) {
    int descriptor = descriptors.pin(node);
    try {
      check(scratch.stat(descriptor));
    } finally {
      descriptors.unpin(node);
    }
  }

  @Override
  public void setattr(Setattr.Request request, AttrReply reply) {
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    try {
      change(request, descriptor);
      Scratch scratch = Scratch.current();
      check(scratch.stat(descriptor));
      reply.attributes(scratch, timeouts().attributeNanos());
    } finally {
      descriptors.unpin(node);
    }
  }

  private void change(Setattr.Request request, int descriptor) {
    boolean hasFile = request.sets(SetattrFlags.FH) && request.sets(SetattrFlags.SIZE);
    OpenFile file = hasFile ? files.use(request.fileHandle()) : null;
    try {
      assume(request);
      AttributeChange.apply(request, descriptor, file, options.kernelChecks());
    } finally {
      if (file != null) {
        file.endUse();
      }
    }
  }

  @Override
  public void access(Access.Request request, EmptyReply reply) {
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    try {
      assume(request);
      long path = Scratch.current().names.putDescriptor(descriptor);
      check(NameCalls.faccessat(At.FDCWD, path, request.mask(), At.EACCESS));
    } finally {
      descriptors.unpin(node);
    }
    reply.ok();
  }

  @Override
  public void ioctl(Ioctl.Request request, IoctlReply reply) {
    if (node(request.nodeId()).type == Mode.S_IFDIR) {
      InodeFlags.serve(request, directories.get(request.fileHandle()).descriptor(), reply);
      return;
    }
    OpenFile file = files.use(request.fileHandle());
    try {
      InodeFlags.serve(request, file.descriptor, reply);
    } finally {
      file.endUse();
    }
  }

  @Override
  public void statfs(Statfs.Request request, StatfsReply reply) {
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    try {
      MemorySegment status = Scratch.current().small;
      check(FileCalls.fstatvfs(descriptor, status.address()));
      reply.statfs(new BackingStatus(status));
    } finally {
      descriptors.unpin(node);
    }
  }

  private record BackingStatus(MemorySegment status) implements Statfs.Status {
    @Override
    public long blocks() {
      return StatvfsBuffer.BLOCKS.get(status, 0);
    }

    @Override
    public long freeBlocks() {
      return StatvfsBuffer.BFREE.get(status, 0);
    }

    @Override
    public long availableBlocks() {
      return StatvfsBuffer.BAVAIL.get(status, 0);
    }

    @Override
    public long files() {
      return StatvfsBuffer.FILES.get(status, 0);
    }

    @Override
    public long freeFiles() {
      return StatvfsBuffer.FFREE.get(status, 0);
    }

    @Override
    public int blockSize() {
      return (int) StatvfsBuffer.BSIZE.get(status, 0);
    }

    @Override
    public int fragmentSize() {
      return (int) StatvfsBuffer.FRSIZE.get(status, 0);
    }

    @Override
    public int nameBytesMax() {
      return (int) StatvfsBuffer.NAMEMAX.get(status, 0);
    }
  }

  // -----------------------------------------------------------------------

  /** Without xattrs ENOSYS, after which the kernel asks no more. */
  private void needsXattrs() {
    if (!options.xattrs()) {
      throw new FuseException(Errno.ENOSYS);
    }
  }

  @Override
  public void getxattr(Getxattr.Request request, XattrReply reply) {
    needsXattrs();
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    try {
      assume(request);
      long path = Scratch.current().names.putDescriptor(descriptor);
      long name = address(request.name());
      long room = reply.room().address() + reply.roomOffset();
      long length = reply.wantsSize() ? 0 : Integer.toUnsignedLong(request.size());
      answer(check(XattrCalls.getxattr(path, name, room, length)), reply);
    } finally {
      descriptors.unpin(node);
    }
  }

  private static void answer(long length, XattrReply reply) {
    if (reply.wantsSize()) {
      reply.size((int) length);
    } else {
      reply.produced(length);
    }
  }

  @Override
  public void listxattr(Listxattr.Request request, XattrReply reply) {
    needsXattrs();
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    try {
      assume(request);
      Scratch scratch = Scratch.current();
      long path = scratch.names.putDescriptor(descriptor);
      MemorySegment list = scratch.dirents;
      long length = check(XattrCalls.listxattr(path, list.address(), list.byteSize()));
      reply.value(list, 0, request.uid() == 0 ? length : XattrNames.untrusted(list, length));
    } finally {
      descriptors.unpin(node);
    }
  }

  @Override
  public void setxattr(Setxattr.Request request, EmptyReply reply) {
    needsXattrs();
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    try {
      if (request.setxattrFlags() != 0) {
        Scratch.current().identity.withoutFsetid(request); // an ACL may take set-group-ID away
      } else {
        assume(request);
      }
      long path = Scratch.current().names.putDescriptor(descriptor);
      long value = request.value().address() + request.valueOffset();
      long length = Integer.toUnsignedLong(request.size());
      check(XattrCalls.setxattr(path, address(request.name()), value, length, request.flags()));
    } finally {
      descriptors.unpin(node);
    }
    reply.ok();
  }

  @Override
  public void removexattr(Removexattr.Request request, EmptyReply reply) {
    needsXattrs();
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    try {
      assume(request);
      long path = Scratch.current().names.putDescriptor(descriptor);
      check(XattrCalls.removexattr(path, address(request.name())));
    } finally {
      descriptors.unpin(node);
    }
    reply.ok();
  }

  // -------------------------------------------------------------

  @Override
  public void getlk(Getlk.Request request, LockReply reply) {
    locks.test(node(request.nodeId()), request, reply);
  }

  @Override
  public void setlk(Setlk.Request request, EmptyReply reply) {
    locks.set(node(request.nodeId()), request, reply);
  }

  @Override
  public void interrupt(Interrupt.Request request) {
    locks.interrupt(request.victim());
  }
}
