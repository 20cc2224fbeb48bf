package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.IovecBuffer;
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

  private final int ownFlags;
  boolean directMaps;

  /** Whether the kernel takes backing files, as far as was negotiated. */
  boolean backing;

  /** Opens the root. */
  PassthroughFiles(Path directory, PassthroughOptions options) throws LinuxException {
    super(directory, options);
    this.ownFlags = options.noatime() ? Open.NOATIME : 0;
  }

  private int backingFlags(int flags) {
    int passed = (flags & ~NOT_PASSED) | Open.CLOEXEC | Open.NONBLOCK | ownFlags;
    if (writebackCache && (flags & Open.ACCMODE) == Open.WRONLY) {
      passed = (passed & ~Open.ACCMODE) | Open.RDWR; // the page cache reads what it completes
    }
    return passed;
  }

  /** Direct files share the inode's lock for writing, where they can still be mapped. */
  private int openFlags(int flags) {
    boolean direct = (flags & Open.DIRECT) != 0 && directMaps;
    return direct ? OpenFlags.DIRECT_IO | OpenFlags.PARALLEL_DIRECT_WRITES : 0;
  }

  @Override
  public void open(io.fusewire.raw.Open.Request request, OpenReply reply) {
    BackingNode node = node(request.nodeId());
    if (node.type != Mode.S_IFREG) {
      throw new FuseException(Errno.ENXIO); // devices and pipes are the kernel's own to open
    }
    int descriptor = descriptors.pin(node);
    try {
      int flags = backingFlags(request.flags());
      boolean kills = request.openFlags() != 0;
      int opened;
      if (kills) {
        Scratch.current().identity.caller(request); // without CAP_FSETID the kernel drops set-id
        opened = openAgain(descriptor, flags);
        if (opened == -Errno.EACCES || opened == -Errno.EPERM) {
          Scratch.current().identity.callerWithGroups(request);
          opened = openAgain(descriptor, flags);
        }
      } else {
        assume(request);
        opened = openAgain(descriptor, flags);
      }
      check(opened);
      if (kills) {
        killSetIdOfRoot(request, opened);
      }
      boolean backs = mayBack(opened, request.flags());
      descriptors.rememberHandle(node, descriptor);
      long handle = files.add(node, opened, flags);
      if (backs) {
        reply.openBacking(descriptor);
      }
      reply.open(handle, openFlags(request.flags()));
    } finally {
      descriptors.unpin(node);
    }
  }

  /**
   * Whether the kernel may read and write a file itself that has just been opened. Not with set-id
   * bits, which a write takes away or not depending on who writes: only we know who that is. And
   * not where it can only be appended to, which the kernel checks when a file is opened, but not
   * when it opens the backing file. Works as the server from here on, as the kernel then does.
   *
   * @param callerFlags of open(2), as the caller gave them
   */
  private boolean mayBack(int opened, int callerFlags) {
    if (!backing) {
      return false;
    }
    int refused = conflict(opened, callerFlags);
    if (refused != 0) {
      FileCalls.close(opened);
      throw new FuseException(refused);
    }
    Scratch scratch = Scratch.current();
    scratch.identity.server();
    boolean appends = (FileCalls.fcntl(opened, Fcntl.GETFL, 0) & Open.APPEND) != 0;
    return !appends
        && scratch.stat(opened) >= 0
        && (scratch.mode() & (Mode.S_ISUID | Mode.S_ISGID)) == 0;
  }

  /**
   * What the backing file system refuses and we could do without, but the kernel not when it opens
   * the backing file of a node that has one: 0 or an errno.
   */
  private static int conflict(int opened, int callerFlags) {
    int flags = FileCalls.fcntl(opened, Fcntl.GETFL, 0);
    if ((flags & Open.APPEND) != 0 && (callerFlags & Open.APPEND) == 0) {
      return Errno.EPERM; // append-only, and not opened to append
    }
    if ((callerFlags & Open.DIRECT) != 0) {
      int result = FileCalls.fcntl(opened, Fcntl.SETFL, flags | Open.DIRECT);
      FileCalls.fcntl(opened, Fcntl.SETFL, flags);
      return result < 0 ? -result : 0;
    }
    return 0;
  }

  /** Opens what an O_PATH descriptor stands for; a descriptor or a negative errno. */
  private int openAgain(int descriptor, int flags) {
    int opened = openPath(descriptor, flags);
    if (opened == -Errno.EPERM && (flags & Open.NOATIME) != 0) {
      opened = openPath(descriptor, flags & ~Open.NOATIME); // it is not ours, and we are not root
    }
    if (opened == -Errno.EPERM && (flags & Open.ACCMODE) != Open.RDONLY) {
      opened = openPath(descriptor, flags | Open.APPEND); // perhaps it can only be appended to
    }
    return opened;
  }

  private int openPath(int descriptor, int flags) {
    Scratch scratch = Scratch.current();
    return descriptors.openFor(
        () -> NameCalls.openat(At.FDCWD, scratch.names.putDescriptor(descriptor), flags, 0));
  }

  /** A root without CAP_FSETID has the right as root's fsuid, so its bits are taken by hand. */
  private static void killSetIdOfRoot(RawRequest request, int descriptor) {
    Scratch scratch = Scratch.current();
    if (request.uid() != 0 || scratch.stat(descriptor) < 0) {
      return;
    }
    int mode = scratch.mode() & Mode.PERMISSIONS;
    int killed = Mode.S_ISUID | ((mode & Mode.S_IXGRP) != 0 ? Mode.S_ISGID : 0);
    if ((mode & killed) != 0) {
      FileCalls.fchmod(descriptor, mode & ~killed);
    }
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
          descriptors.openFor(
              () ->
                  make(
                      request,
                      mode,
                      request.umask(),
                      () -> NameCalls.openat(directory, name, flags, mode)));
      BackingNode node = statCreated((int) check(opened));
      node.seenAt(parent, request.name());
      boolean backs = mayBackMade(node, opened, request.flags());
      descriptors.rememberHandle(node, opened);
      long handle = files.add(node, opened, flags);
      answer(node, handle, request.flags(), backs ? reply.openBacking(opened) : reply);
    } finally {
      descriptors.unpin(parent);
    }
  }

  /** The node of a file that was just made; closes it when there is none. */
  private BackingNode statCreated(int opened) {
    try {
      check(Scratch.current().stat(opened));
      return found();
    } catch (FuseException e) {
      FileCalls.close(opened);
      throw e;
    }
  }

  private void answer(BackingNode node, long handle, int flags, CreateReply reply) {
    Scratch scratch = Scratch.current();
    reply.created(node.nodeId(), scratch, timeouts(), handle, openFlags(flags));
  }

  @Override
  public void tmpfile(Tmpfile.Request request, CreateReply reply) {
    BackingNode parent = node(request.nodeId());
    int directory = descriptors.pin(parent);
    try {
      int flags = backingFlags(request.flags()) | Open.TMPFILE | (request.flags() & Open.EXCL);
      int mode = request.mode() & Mode.PERMISSIONS;
      int opened =
          descriptors.openFor(
              () ->
                  make(
                      request,
                      mode,
                      request.umask(),
                      () -> NameCalls.openat(directory, address(SELF), flags, mode)));
      BackingNode node = statCreated((int) check(opened));
      int adopted = descriptors.adoptNameless(node, opened);
      if (adopted < 0) {
        FileCalls.close(opened);
        forget(node, 1);
        throw new FuseException(-adopted);
      }
      boolean backs = mayBackMade(node, opened, request.flags());
      long handle = files.add(node, opened, flags);
      answer(node, handle, request.flags(), backs ? reply.openBacking(opened) : reply);
    } finally {
      descriptors.unpin(parent);
    }
  }

  /** The same for a file that was made, with a lookup counted. */
  private boolean mayBackMade(BackingNode node, int opened, int callerFlags) {
    try {
      return mayBack(opened, callerFlags);
    } catch (FuseException e) {
      forget(node, 1);
      throw e;
    }
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    OpenFile file = files.use(request.fileHandle());
    try {
      files.follow(file, request.openFlags() | ownFlags);
      long address = reply.room().address() + reply.roomOffset();
      reply.produced(
          check(FileCalls.pread(file.descriptor, address, reply.limit(), request.offset())));
    } finally {
      file.endUse();
    }
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    Scratch scratch = Scratch.current();
    long address = request.data().address() + request.dataOffset();
    long length = Integer.toUnsignedLong(request.size());
    boolean appends =
        (request.openFlags() & Open.APPEND) != 0 && (request.flags() & WriteFlags.CACHE) == 0;
    OpenFile file = files.use(request.fileHandle());
    try {
      if ((request.flags() & WriteFlags.KILL_SUIDGID) != 0) {
        scratch.identity.withoutFsetid(request); // then the kernel drops set-id itself
      } else {
        scratch.identity.server(); // then it keeps it
      }
      long written =
          appends
              ? append(file.descriptor, address, length, scratch)
              : FileCalls.pwrite(file.descriptor, address, length, request.offset());
      reply.written((int) check(written));
    } finally {
      file.endUse();
    }
  }

  /** Others may have appended behind the mount: the end is where the backing file has it. */
  private static long append(int descriptor, long address, long length, Scratch scratch) {
    MemorySegment vector = scratch.small;
    IovecBuffer.BASE.set(vector, 0, address);
    IovecBuffer.LENGTH.set(vector, 0, length);
    return FileCalls.pwritev2(descriptor, vector.address(), 1, 0, FileCalls.RWF_APPEND);
  }

  @Override
  public void flush(Flush.Request request, EmptyReply reply) {
    if (options.forwardLocks()) {
      locks.releaseOwner(node(request.nodeId()), request.lockOwner());
    }
    OpenFile file = files.useIfOpen(request.fileHandle());
    if (file != null) {
      flush(file);
    }
    reply.ok();
  }

  private static void flush(OpenFile file) {
    try {
      int copy = FileCalls.dup(file.descriptor);
      // close(2) of a duplicate tells late write errors of file systems that have them.
      check(copy < 0 ? 0 : FileCalls.close(copy));
    } finally {
      file.endUse();
    }
  }

  @Override
  public void release(Release.Request request, EmptyReply reply) {
    files.close(request.fileHandle());
    if (options.forwardLocks()) {
      locks.released(request.fileHandle());
    }
    reply.ok();
  }

  /** A system call on an open file. */
  @FunctionalInterface
  private interface FileCall {
    long on(int descriptor);
  }

  private long call(long fileHandle, FileCall call) {
    OpenFile file = files.use(fileHandle);
    try {
      return check(call.on(file.descriptor));
    } finally {
      file.endUse();
    }
  }

  @Override
  public void fsync(Fsync.Request request, EmptyReply reply) {
    boolean dataOnly = request.dataOnly();
    call(request.fileHandle(), fd -> dataOnly ? FileCalls.fdatasync(fd) : FileCalls.fsync(fd));
    reply.ok();
  }

  @Override
  public void fallocate(Fallocate.Request request, EmptyReply reply) {
    Scratch scratch = Scratch.current();
    call(
        request.fileHandle(),
        fd -> {
          scratch.identity.caller(request); // so that set-id bits go as with write(2)
          return FileCalls.fallocate(fd, request.mode(), request.offset(), request.length());
        });
    reply.ok();
  }

  @Override
  public void lseek(Lseek.Request request, LseekReply reply) {
    long offset =
        call(request.fileHandle(), fd -> FileCalls.lseek(fd, request.offset(), request.whence()));
    reply.offset(offset);
  }

  @Override
  public void copyFileRange(CopyFileRange.Request request, CopyReply reply) {
    Scratch scratch = Scratch.current();
    OpenFile target = files.use(request.targetFileHandle());
    try {
      long copied = call(request.fileHandle(), source -> copy(request, source, target, scratch));
      reply.copied(copied);
    } finally {
      target.endUse();
    }
  }

  private static long copy(
      CopyFileRange.Request request, int source, OpenFile target, Scratch scratch) {
    scratch.identity.caller(request); // so that set-id bits go as with write(2)
    MemorySegment offsets = scratch.small;
    offsets.set(ValueLayout.JAVA_LONG, 0, request.offset());
    offsets.set(ValueLayout.JAVA_LONG, 8, request.targetOffset());
    return FileCalls.copyFileRange(
        source,
        offsets.address(),
        target.descriptor,
        offsets.address() + 8,
        request.length(),
        (int) request.flags());
  }

  @Override
  public void opendir(Opendir.Request request, OpenReply reply) {
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    int opened;
    try {
      assume(request);
      int noatime = (request.flags() | ownFlags) & Open.NOATIME;
      opened = openAgain(descriptor, Open.RDONLY | Open.DIRECTORY | Open.CLOEXEC | noatime);
    } finally {
      descriptors.unpin(node);
    }
    check(opened);
    long handle = directories.add(opened);
    reply.open(handle, 0);
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
    directories.names(
        new Directories.Part(request.fileHandle(), request.offset(), request.size()), reply);
  }

  @Override
  public void readdirplus(Readdirplus.Request request, DirectoryPlusReply reply) {
    assume(request);
    var part = new Directories.Part(request.fileHandle(), request.offset(), request.size());
    BackingNode node = node(request.nodeId());
    for (BackingNode extra :
        directories.namesWithNodes(part, this::timeouts, name -> found(node, name), reply)) {
      forget(extra, 1);
    }
  }
}
