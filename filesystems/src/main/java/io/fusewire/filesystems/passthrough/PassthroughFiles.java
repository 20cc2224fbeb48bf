package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.raw.CopyFileRange;
import io.fusewire.raw.CopyReply;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.DirectoryPlusReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.Fallocate;
import io.fusewire.raw.Flush;
import io.fusewire.raw.Fsync;
import io.fusewire.raw.Fsyncdir;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Lseek;
import io.fusewire.raw.LseekReply;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.Opendir;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Read;
import io.fusewire.raw.Readdir;
import io.fusewire.raw.Readdirplus;
import io.fusewire.raw.Release;
import io.fusewire.raw.Releasedir;
import io.fusewire.raw.Tmpfile;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import io.fusewire.wire.flag.OpenFlags;
import io.fusewire.wire.flag.WriteFlags;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;

/** The part of the passthrough that serves open files and open directories. */
abstract class PassthroughFiles extends PassthroughNames {
  /** Flags of open(2) that are ours to decide: the kernel computes where an append goes. */
  private static final int NOT_PASSED =
      Open.APPEND | Open.DIRECT | Open.NOFOLLOW | Open.EXCL | Open.CREAT | Open.NOCTTY;

  /** Opens the root. */
  PassthroughFiles(Path directory, PassthroughOptions options) throws LinuxException {
    super(directory, options);
  }

  private int backingFlags(int flags) {
    int passed = (flags & ~NOT_PASSED) | Open.CLOEXEC | Open.NONBLOCK;
    if (writebackCache && (flags & Open.ACCMODE) == Open.WRONLY) {
      passed = (passed & ~Open.ACCMODE) | Open.RDWR; // the page cache reads what it completes
    }
    return passed;
  }

  private static int openFlags(int flags) {
    return (flags & Open.DIRECT) != 0 ? OpenFlags.DIRECT_IO | OpenFlags.PARALLEL_DIRECT_WRITES : 0;
  }

  @Override
  public void open(io.fusewire.raw.Open.Request request, OpenReply reply) {
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    int opened;
    try {
      boolean kills = request.openFlags() != 0;
      if (kills) {
        Scratch.current().identity.caller(request); // without CAP_FSETID the kernel drops set-id
      } else {
        assume(request);
      }
      opened = openAgain(descriptor, backingFlags(request.flags()));
      if (kills && (opened == -Errno.EACCES || opened == -Errno.EPERM)) {
        Scratch.current().identity.callerWithGroups(request);
        opened = openAgain(descriptor, backingFlags(request.flags()));
      }
    } finally {
      descriptors.unpin(node);
    }
    check(opened);
    if (!reply.open(opened, openFlags(request.flags()))) {
      FileCalls.close(opened);
    }
  }

  /**
   * Opens what an O_PATH descriptor stands for; out of descriptors, tries again with fewer in use.
   */
  private int openAgain(int descriptor, int flags) {
    long path = Scratch.current().names.putDescriptor(descriptor);
    int opened = NameCalls.openat(At.FDCWD, path, flags, 0);
    if (opened == -Errno.EMFILE || opened == -Errno.ENFILE) {
      descriptors.evict(0);
      opened = NameCalls.openat(At.FDCWD, path, flags, 0);
    }
    return opened;
  }

  @Override
  public void create(Create.Request request, CreateReply reply) {
    BackingNode parent = node(request.nodeId());
    int directory = descriptors.pin(parent);
    try {
      long name = address(request.name());
      int exclusive = request.flags() & Open.EXCL;
      int flags = backingFlags(request.flags()) | Open.CREAT | exclusive | Open.NOFOLLOW;
      int mode = request.mode() & Mode.PERMISSIONS;
      int opened =
          makeOpen(
              request, request.umask(), mode, () -> NameCalls.openat(directory, name, flags, mode));
      created(parent, request.name(), opened, request.flags(), reply);
    } finally {
      descriptors.unpin(parent);
    }
  }

  private int makeOpen(RawRequest request, int umask, int mode, MakeCall call) {
    int opened = make(request, mode, umask, call);
    if (opened == -Errno.EMFILE || opened == -Errno.ENFILE) {
      descriptors.evict(0);
      opened = make(request, mode, umask, call);
    }
    return (int) check(opened);
  }

  private void created(BackingNode parent, Name name, int opened, int flags, CreateReply reply) {
    Scratch scratch = Scratch.current();
    int result = scratch.stat(opened);
    if (result < 0) {
      FileCalls.close(opened);
      throw new FuseException(-result);
    }
    BackingNode node = found(parent, name);
    if (!reply.created(node.nodeId(), scratch, options.timeouts(), opened, openFlags(flags))) {
      FileCalls.close(opened);
      forget(node, 1);
    }
  }

  @Override
  public void tmpfile(Tmpfile.Request request, CreateReply reply) {
    BackingNode parent = node(request.nodeId());
    int directory = descriptors.pin(parent);
    try {
      int flags = backingFlags(request.flags()) | Open.TMPFILE;
      int mode = request.mode() & Mode.PERMISSIONS;
      Scratch scratch = Scratch.current();
      long self = scratch.small.address();
      scratch.small.set(ValueLayout.JAVA_SHORT, 0, (short) '.');
      int opened =
          makeOpen(
              request, request.umask(), mode, () -> NameCalls.openat(directory, self, flags, mode));
      check(scratch.stat(opened));
      BackingNode.Key key = scratch.key();
      BackingNode node = index.lookUp(key, () -> new BackingNode(key));
      if (node == null) {
        FileCalls.close(opened);
        throw new FuseException(Errno.ENFILE);
      }
      descriptors.adoptNameless(node, opened);
      if (!reply.created(
          node.nodeId(), scratch, options.timeouts(), opened, openFlags(request.flags()))) {
        FileCalls.close(opened);
        forget(node, 1);
      }
    } finally {
      descriptors.unpin(parent);
    }
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    long address = reply.room().address() + reply.roomOffset();
    reply.produced(
        check(
            FileCalls.pread((int) request.fileHandle(), address, reply.limit(), request.offset())));
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    if ((request.flags() & WriteFlags.KILL_SUIDGID) != 0) {
      Scratch.current().identity.caller(request); // without CAP_FSETID the kernel drops set-id
    }
    long address = request.data().address() + request.dataOffset();
    long length = Integer.toUnsignedLong(request.size());
    int descriptor = (int) request.fileHandle();
    reply.written((int) check(FileCalls.pwrite(descriptor, address, length, request.offset())));
  }

  @Override
  public void flush(Flush.Request request, EmptyReply reply) {
    locks.releaseOwner(request.nodeId(), request.lockOwner());
    int copy = FileCalls.dup((int) request.fileHandle());
    // close(2) of a duplicate tells late write errors of file systems that have them.
    int result = copy < 0 ? 0 : FileCalls.close(copy);
    check(result);
    reply.ok();
  }

  @Override
  public void release(Release.Request request, EmptyReply reply) {
    locks.releaseOwner(request.nodeId(), request.lockOwner());
    FileCalls.close((int) request.fileHandle());
    reply.ok();
  }

  @Override
  public void fsync(Fsync.Request request, EmptyReply reply) {
    int descriptor = (int) request.fileHandle();
    check(request.dataOnly() ? FileCalls.fdatasync(descriptor) : FileCalls.fsync(descriptor));
    reply.ok();
  }

  @Override
  public void fallocate(Fallocate.Request request, EmptyReply reply) {
    int descriptor = (int) request.fileHandle();
    check(FileCalls.fallocate(descriptor, request.mode(), request.offset(), request.length()));
    reply.ok();
  }

  @Override
  public void lseek(Lseek.Request request, LseekReply reply) {
    int descriptor = (int) request.fileHandle();
    reply.offset(check(FileCalls.lseek(descriptor, request.offset(), request.whence())));
  }

  @Override
  public void copyFileRange(CopyFileRange.Request request, CopyReply reply) {
    MemorySegment offsets = Scratch.current().small;
    offsets.set(ValueLayout.JAVA_LONG, 0, request.offset());
    offsets.set(ValueLayout.JAVA_LONG, 8, request.targetOffset());
    long copied =
        FileCalls.copyFileRange(
            (int) request.fileHandle(),
            offsets.address(),
            (int) request.targetFileHandle(),
            offsets.address() + 8,
            request.length(),
            (int) request.flags());
    reply.copied(check(copied));
  }

  @Override
  public void opendir(Opendir.Request request, OpenReply reply) {
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    int opened;
    try {
      assume(request);
      opened = openAgain(descriptor, Open.RDONLY | Open.DIRECTORY | Open.CLOEXEC);
    } finally {
      descriptors.unpin(node);
    }
    check(opened);
    long handle = directories.add(opened);
    if (!reply.open(handle, 0)) {
      directories.close(handle);
    }
  }

  @Override
  public void releasedir(Releasedir.Request request, EmptyReply reply) {
    directories.close(request.fileHandle());
    reply.ok();
  }

  @Override
  public void fsyncdir(Fsyncdir.Request request, EmptyReply reply) {
    int descriptor = directories.get(request.fileHandle()).descriptor();
    check(request.dataOnly() ? FileCalls.fdatasync(descriptor) : FileCalls.fsync(descriptor));
    reply.ok();
  }

  @Override
  public void readdir(Readdir.Request request, DirectoryReply reply) {
    directories.names(request.fileHandle(), request.offset(), reply);
  }

  @Override
  public void readdirplus(Readdirplus.Request request, DirectoryPlusReply reply) {
    Scratch.current().identity.server();
    var plus =
        new Directories.PlusRequest(request.fileHandle(), request.offset(), options.timeouts());
    BackingNode node = node(request.nodeId());
    for (BackingNode extra :
        directories.namesWithNodes(
            node, plus, (parent, directory, name) -> found(parent, name), reply)) {
      forget(extra, 1);
    }
  }
}
