package io.fusewire.filesystems.memory;

import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.Open;
import io.fusewire.node.NodeTable;
import io.fusewire.raw.AttrReply;
import io.fusewire.raw.CopyFileRange;
import io.fusewire.raw.CopyReply;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.DirectoryPlusReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Fallocate;
import io.fusewire.raw.Forget;
import io.fusewire.raw.Fsyncdir;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Getxattr;
import io.fusewire.raw.Ioctl;
import io.fusewire.raw.IoctlReply;
import io.fusewire.raw.Link;
import io.fusewire.raw.Listxattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Lseek;
import io.fusewire.raw.LseekReply;
import io.fusewire.raw.Mkdir;
import io.fusewire.raw.Mknod;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.Opendir;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Read;
import io.fusewire.raw.Readdir;
import io.fusewire.raw.Readdirplus;
import io.fusewire.raw.Readlink;
import io.fusewire.raw.Release;
import io.fusewire.raw.Releasedir;
import io.fusewire.raw.Removexattr;
import io.fusewire.raw.Rename;
import io.fusewire.raw.Rmdir;
import io.fusewire.raw.Setattr;
import io.fusewire.raw.Setxattr;
import io.fusewire.raw.Statfs;
import io.fusewire.raw.StatfsReply;
import io.fusewire.raw.Statx;
import io.fusewire.raw.StatxReply;
import io.fusewire.raw.Symlink;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Tmpfile;
import io.fusewire.raw.Unlink;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.raw.XattrReply;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.OpenFlags;
import io.fusewire.wire.flag.SetattrFlags;
import io.fusewire.wire.flag.SetxattrFlags;
import io.fusewire.wire.flag.WriteFlags;
import java.time.Instant;
import java.util.Objects;

/**
 * A complete POSIX file system in memory. File contents lie outside the Java heap, up to a size
 * limit; everything is gone when the mount ends.
 *
 * <p>Permissions are the kernel's business: mount it with {@code defaultPermissions}. No handler
 * blocks, so all run inline. See {@link Inode} for the locks.
 */
public final class MemoryFileSystem implements RawFileSystem {
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;
  private static final int ZERO_RANGE = 16;
  private static final int SEEK_DATA = 3;

  private final MemoryOptions options;
  private final PagePool pool;
  private final HeapBudget heap = HeapBudget.ofThisMachine();
  private final Xattrs xattrs;
  private final Tree tree;
  private final Timeouts timeouts;
  private final Listing listing;

  /** An empty file system with default options. */
  public MemoryFileSystem() {
    this(MemoryOptions.defaults());
  }

  /** An empty file system. */
  public MemoryFileSystem(MemoryOptions options) {
    this.options = options;
    this.pool = new PagePool(options.bytesMax());
    MetadataSpace space = new MetadataSpace(pool, heap);
    this.xattrs = new Xattrs(space);
    this.tree = new Tree(new NodeTable<>(options.nodesMax()), space, options.clock());
    this.timeouts = options.timeouts();
    this.listing = new Listing(tree, timeouts);
    tree.root.mode = Mode.S_IFDIR | options.rootMode();
    tree.root.uid = options.rootUid();
    tree.root.gid = options.rootGid();
  }

  @Override
  public void init(Negotiation negotiation) {
    // A READ of at most 1 MiB has at most 257 pages, which fit into one reply.
    negotiation.maxWrite(Math.min(negotiation.maxWrite(), 1 << 20));
    negotiation.want(
        InitFlags.DO_READDIRPLUS
            | InitFlags.READDIRPLUS_AUTO
            | InitFlags.HANDLE_KILLPRIV_V2
            | InitFlags.POSIX_ACL
            | InitFlags.DONT_MASK
            | InitFlags.CACHE_SYMLINKS
            | InitFlags.EXPORT_SUPPORT
            | InitFlags.NO_OPENDIR_SUPPORT);
  }

  @Override
  public void destroy() {
    pool.close();
  }

  @Override
  public Execution execution(Opcode opcode) {
    return Execution.INLINE;
  }

  // ---- finding -----------------------------------------------------------------------------

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    Name name = request.name();
    if (name.contentEquals(".") || name.contentEquals("..")) {
      Inode node = tree.node(request.nodeId());
      Inode found = name.length() == 1 ? node : Tree.names(node).parent;
      Inode reached = Objects.requireNonNull(found);
      if (!reached.addLookup()) {
        throw new FuseException(Errno.ESTALE);
      }
      entry(reached, reply);
      return;
    }
    entry(tree.lookUp(request.nodeId(), name), reply);
  }

  /** Answers with a node whose lookup is counted already. */
  private void entry(Inode node, EntryReply reply) {
    synchronized (node) {
      reply.entry(node.nodeId(), node, timeouts);
    }
  }

  @Override
  public void forget(Forget.Request request) {
    Inode node = tree.node(request.nodeId());
    forget(node, request.lookups());
  }

  private void forget(Inode node, long lookups) {
    if (node.removeLookups(lookups)) {
      tree.dropIfUnused(node);
    }
  }

  @Override
  public void getattr(Getattr.Request request, AttrReply reply) {
    attributes(tree.node(request.nodeId()), reply);
  }

  private void attributes(Inode node, AttrReply reply) {
    synchronized (node) {
      reply.attributes(node, timeouts.attributeNanos());
    }
  }

  @Override
  public void statx(Statx.Request request, StatxReply reply) {
    Inode node = tree.node(request.nodeId());
    synchronized (node) {
      Instant birth = node.birth;
      reply.attributes(node, birth.getEpochSecond(), birth.getNano(), timeouts.attributeNanos());
    }
  }

  @Override
  public void readlink(Readlink.Request request, DataReply reply) {
    Inode node = tree.node(request.nodeId());
    byte[] target = node.target;
    if (target == null) {
      throw new FuseException(Errno.EINVAL);
    }
    accessed(node);
    reply.data(target);
  }

  @Override
  public void statfs(Statfs.Request request, StatfsReply reply) {
    reply.statfs(
        new Statfs.Status() {
          @Override
          public long blocks() {
            return pool.pagesMax();
          }

          @Override
          public long freeBlocks() {
            return pool.pagesMax() - pool.pagesUsed();
          }

          @Override
          public long files() {
            return tree.nodesMax();
          }

          @Override
          public long freeFiles() {
            return tree.nodesLeft();
          }
        });
  }

  @Override
  public void readdir(Readdir.Request request, DirectoryReply reply) {
    Inode node = tree.node(request.nodeId());
    accessed(node, request.openFlags());
    listing.names(node, request.offset(), reply);
  }

  @Override
  public void readdirplus(Readdirplus.Request request, DirectoryPlusReply reply) {
    Inode node = tree.node(request.nodeId());
    accessed(node, request.openFlags());
    listing.namesWithNodes(node, request.offset(), reply);
  }

  private void accessed(Inode node, int openFlags) {
    if ((openFlags & Open.NOATIME) == 0) {
      accessed(node);
    }
  }

  private void accessed(Inode node) {
    if (options.accessTimes() && !FileFlags.keepAccessTime(node)) {
      node.accessed(tree.now());
    }
  }

  // ---- making and removing names -----------------------------------------------------------

  @Override
  public void mknod(Mknod.Request request, EntryReply reply) {
    int mode = request.mode();
    Inode made =
        Mode.isRegular(mode) ? file(mode) : Inode.special(mode, request.rdev(), tree.now());
    handDown(made, request, request.umask());
    make(request, request.name(), made, reply);
  }

  private Inode file(int mode) {
    return Inode.file(mode & Mode.PERMISSIONS, tree.now(), new FileData(pool, heap));
  }

  @Override
  public void mkdir(Mkdir.Request request, EntryReply reply) {
    Inode parent = tree.node(request.nodeId());
    int mode = request.mode() & Mode.PERMISSIONS;
    Inode made = Inode.directory(mode, tree.now(), parent);
    handDown(made, request, request.umask());
    make(request, request.name(), made, reply);
  }

  @Override
  public void symlink(Symlink.Request request, EntryReply reply) {
    Inode made = Inode.symlink(request.target().toBytes(), tree.now());
    make(request, request.name(), made, reply);
  }

  private void make(RawRequest request, Name name, Inode made, EntryReply reply) {
    Inode parent = tree.node(request.nodeId());
    own(made, parent, request);
    tree.create(parent, name, made);
    entry(made, reply);
  }

  private void handDown(Inode made, RawRequest request, int umask) {
    PosixAcl.inherit(made, tree.node(request.nodeId()), umask);
  }

  /** The caller owns what it makes; in a set-group-ID directory the group is the directory's. */
  private static void own(Inode made, Inode parent, RawRequest request) {
    FileFlags.inherit(made, parent);
    boolean inherits = (parent.mode & Mode.S_ISGID) != 0;
    made.uid = request.uid();
    made.gid = inherits ? parent.gid : request.gid();
    if (inherits && made.directory != null) {
      made.mode |= Mode.S_ISGID;
    }
  }

  @Override
  public void create(Create.Request request, CreateReply reply) {
    Inode parent = tree.node(request.nodeId());
    Inode made = file(request.mode());
    handDown(made, request, request.umask());
    own(made, parent, request);
    tree.create(parent, request.name(), made);
    created(made, reply);
  }

  @Override
  public void tmpfile(Tmpfile.Request request, CreateReply reply) {
    Inode parent = tree.node(request.nodeId());
    Inode made = file(request.mode());
    handDown(made, request, request.umask());
    own(made, parent, request);
    tree.createNameless(made);
    created(made, reply);
  }

  private void created(Inode made, CreateReply reply) {
    made.open();
    synchronized (made) {
      reply.created(made.nodeId(), made, timeouts, made.nodeId(), FILE_OPEN);
    }
  }

  @Override
  public void link(Link.Request request, EntryReply reply) {
    Inode node = tree.node(request.existingNodeId());
    tree.link(node, tree.node(request.nodeId()), request.name());
    entry(node, reply);
  }

  @Override
  public void unlink(Unlink.Request request, EmptyReply reply) {
    tree.unlink(tree.node(request.nodeId()), request.name());
    reply.ok();
  }

  @Override
  public void rmdir(Rmdir.Request request, EmptyReply reply) {
    tree.rmdir(tree.node(request.nodeId()), request.name());
    reply.ok();
  }

  @Override
  public void rename(Rename.Request request, EmptyReply reply) {
    Inode whiteout = Inode.special(Mode.S_IFCHR, 0, tree.now());
    own(whiteout, tree.node(request.nodeId()), request);
    tree.rename(
        new Tree.Move(
            tree.node(request.nodeId()),
            request.name(),
            tree.node(request.newParent()),
            request.newName(),
            request.flags(),
            whiteout));
    reply.ok();
  }

  // ---- open files --------------------------------------------------------------------------

  /** Nothing is written late, so close needs no FLUSH, and nobody else changes cached pages. */
  private static final int FILE_OPEN = OpenFlags.KEEP_CACHE | OpenFlags.NOFLUSH;

  @Override
  public void open(io.fusewire.raw.Open.Request request, OpenReply reply) {
    Inode node = tree.node(request.nodeId());
    FileFlags.checkOpen(node, request.flags());
    if ((request.flags() & Open.TRUNC) != 0) {
      data(node).truncate(0);
      node.modified(tree.now());
      xattrs.dropCapability(node);
      if (request.openFlags() != 0) {
        node.dropPrivileges();
      }
    }
    node.open();
    reply.open(node.nodeId(), FILE_OPEN);
  }

  @Override
  public void release(Release.Request request, EmptyReply reply) {
    Inode node = tree.node(request.nodeId());
    reply.ok();
    closed(node);
  }

  private void closed(Inode node) {
    node.release();
    tree.dropIfUnused(node);
  }

  @Override
  public void opendir(Opendir.Request request, OpenReply reply) {
    reply.open(0, OpenFlags.KEEP_CACHE | OpenFlags.CACHE_DIR);
  }

  @Override
  public void releasedir(Releasedir.Request request, EmptyReply reply) {
    reply.ok();
  }

  @Override
  public void fsyncdir(Fsyncdir.Request request, EmptyReply reply) {
    reply.ok();
  }

  private static FileData data(Inode node) {
    if (node.data == null) {
      throw new FuseException(node.directory == null ? Errno.EINVAL : Errno.EISDIR);
    }
    return node.data;
  }

  @Override
  public void read(Read.Request request, DataReply reply) {
    Inode node = tree.node(request.nodeId());
    FileData data = data(node);
    accessed(node, request.openFlags()); // before the answer, or a stat right behind it misses it
    data.read(request.offset(), reply);
  }

  @Override
  public void write(Write.Request request, WriteReply reply) {
    Inode node = tree.node(request.nodeId());
    long length = Integer.toUnsignedLong(request.size());
    if (request.offset() < 0 || request.offset() > FileData.BYTES_MAX - length) {
      throw new FuseException(Errno.EFBIG);
    }
    FileFlags.checkAdd(node);
    if ((request.flags() & WriteFlags.KILL_SUIDGID) != 0) {
      node.dropPrivileges();
    }
    xattrs.dropCapability(node);
    long written = data(node).write(request.data(), request.dataOffset(), request.offset(), length);
    if (written > 0) {
      node.modified(tree.now());
    }
    // Of a late write from a mapping the kernel notices only an error, no lack of bytes.
    boolean late = (request.flags() & WriteFlags.CACHE) != 0;
    if (written < length && (late || written == 0)) {
      throw new FuseException(Errno.ENOSPC);
    }
    reply.written((int) written);
  }

  @Override
  public void fallocate(Fallocate.Request request, EmptyReply reply) {
    Inode node = tree.node(request.nodeId());
    FileData data = data(node);
    int mode = request.mode();
    if ((mode & ~(KEEP_SIZE | PUNCH_HOLE | ZERO_RANGE)) != 0) {
      throw new FuseException(Errno.EOPNOTSUPP);
    }
    FileFlags.checkAllocate(node, mode);
    if ((mode & PUNCH_HOLE) != 0) {
      data.punch(request.offset(), request.length());
    } else {
      boolean zero = (mode & ZERO_RANGE) != 0;
      boolean keepSize = (mode & KEEP_SIZE) != 0;
      if (!data.allocate(request.offset(), request.length(), zero, keepSize)) {
        throw new FuseException(Errno.ENOSPC);
      }
    }
    changedBy(request, node);
    reply.ok();
  }

  /** Here the kernel does not say whether the caller may keep set-user-ID; root may. */
  private void changedBy(RawRequest request, Inode node) {
    xattrs.dropCapability(node);
    if (request.uid() != 0) {
      node.dropPrivileges();
    }
    node.modified(tree.now());
  }

  @Override
  public void lseek(Lseek.Request request, LseekReply reply) {
    FileData data = data(tree.node(request.nodeId()));
    long found = data.seek(request.offset(), request.whence() == SEEK_DATA);
    if (found < 0) {
      throw new FuseException(Errno.ENXIO);
    }
    reply.offset(found);
  }

  @Override
  public void copyFileRange(CopyFileRange.Request request, CopyReply reply) {
    Inode source = tree.node(request.nodeId());
    Inode target = tree.node(request.targetNodeId());
    FileFlags.checkAdd(target);
    long copied =
        data(target)
            .copyFrom(data(source), request.offset(), request.targetOffset(), request.length());
    boolean atEnd = request.offset() >= source.size();
    if (copied == 0 && request.length() > 0 && !atEnd) {
      throw new FuseException(Errno.ENOSPC);
    }
    changedBy(request, target);
    accessed(source);
    reply.copied(copied);
  }

  // ---- attributes --------------------------------------------------------------------------

  @Override
  public void setattr(Setattr.Request request, AttrReply reply) {
    Inode node = tree.node(request.nodeId());
    Instant now = tree.now();
    FileFlags.checkSetattr(node, request);
    if (request.sets(SetattrFlags.SIZE)) {
      if (request.size() < 0 || request.size() > FileData.BYTES_MAX) {
        throw new FuseException(Errno.EFBIG);
      }
      data(node).truncate(request.size());
      node.modified(now);
    }
    synchronized (node) {
      AttributeChange.apply(node, request, now);
      if (request.sets(SetattrFlags.SIZE)
          || request.sets(SetattrFlags.UID)
          || request.sets(SetattrFlags.GID)) {
        xattrs.dropCapability(node);
      }
      reply.attributes(node, timeouts.attributeNanos());
    }
  }

  @Override
  public void ioctl(Ioctl.Request request, IoctlReply reply) {
    FileFlags.ioctl(tree.node(request.nodeId()), request, reply);
  }

  @Override
  public void setxattr(Setxattr.Request request, EmptyReply reply) {
    Inode node = tree.node(request.nodeId());
    FileFlags.checkChange(node);
    boolean dropSetgid = (request.setxattrFlags() & SetxattrFlags.ACL_KILL_SGID) != 0;
    xattrs.set(node, request.name(), request.valueBytes(), request.flags(), dropSetgid);
    node.changed(tree.now());
    reply.ok();
  }

  @Override
  public void getxattr(Getxattr.Request request, XattrReply reply) {
    reply.value(Xattrs.get(tree.node(request.nodeId()), request.name()));
  }

  @Override
  public void listxattr(Listxattr.Request request, XattrReply reply) {
    reply.value(Xattrs.list(tree.node(request.nodeId())));
  }

  @Override
  public void removexattr(Removexattr.Request request, EmptyReply reply) {
    Inode node = tree.node(request.nodeId());
    FileFlags.checkChange(node);
    xattrs.remove(node, request.name());
    node.changed(tree.now());
    reply.ok();
  }
}
