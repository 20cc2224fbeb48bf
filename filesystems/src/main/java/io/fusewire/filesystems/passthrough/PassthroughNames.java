package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.node.NodeIndex;
import io.fusewire.node.NodeTable;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Forget;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Link;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Mkdir;
import io.fusewire.raw.Mknod;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.RawRequest;
import io.fusewire.raw.Readlink;
import io.fusewire.raw.Rename;
import io.fusewire.raw.Rmdir;
import io.fusewire.raw.Symlink;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Unlink;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The part of the passthrough that finds, makes and removes names, and what all parts share. */
abstract class PassthroughNames implements RawFileSystem {
  /** The directory itself, with the NUL behind that a name of a request has. */
  static final Name SELF = ownName(".");

  private static Name ownName(String text) {
    Name name = new Name();
    name.view(Arena.global().allocateFrom(text), 0, text.length());
    return name;
  }

  final PassthroughOptions options;
  private final Timeouts timeoutsOfSetId;
  final BackingNode root;
  private final NodeTable<BackingNode> nodes = new NodeTable<>(NodeTable.NODES_DEFAULT);
  final NodeIndex<BackingNode.Key, BackingNode> index = new NodeIndex<>(nodes);
  final Descriptors descriptors;
  final OpenFiles files;
  final Directories directories = new Directories();
  final BackingLocks locks;
  boolean writebackCache;

  /** Opens the root. */
  PassthroughNames(Path directory, PassthroughOptions options) throws LinuxException {
    this.options = options;
    this.timeoutsOfSetId = new Timeouts(options.timeouts().entryNanos(), 0);
    int descriptor;
    try (Arena arena = Arena.ofConfined()) {
      long path = CString.of(arena, directory.toString()).address();
      int flags = Open.PATH | Open.DIRECTORY | Open.CLOEXEC;
      descriptor =
          LinuxException.check(
              NameCalls.openat(At.FDCWD, path, flags, 0),
              "open(\"" + directory + "\")",
              "The source of a passthrough is an existing directory.");
    }
    Scratch scratch = Scratch.current();
    LinuxException.check(scratch.stat(descriptor), "statx(\"" + directory + "\")", "");
    this.root = new BackingNode(scratch.key(), scratch.mode());
    nodes.add(root);
    this.descriptors = new Descriptors(root, descriptor, options.descriptorsMax());
    this.files = new OpenFiles(descriptors);
    descriptors.parkWith(files::park);
    this.locks = new BackingLocks(descriptors, files);
  }

  /** How many nodes the kernel knows, the root among them. */
  final int nodes() {
    return nodes.size();
  }

  /** How many descriptors are kept for nodes that may not be open. */
  final int openDescriptors() {
    return descriptors.size();
  }

  final BackingNode node(long nodeId) {
    BackingNode node = nodes.find(nodeId);
    if (node == null) {
      throw new FuseException(Errno.ESTALE);
    }
    return node;
  }

  /** The address of a name of a request; the kernel sends it with a NUL behind. */
  static long address(Name name) {
    return name.memory().address() + name.offset();
  }

  static long check(long result) {
    if (result < 0) {
      throw new FuseException((int) -result);
    }
    return result;
  }

  /**
   * How long the attributes that were read last hold. A write of somebody without rights takes
   * set-id bits away, and the kernel does not notice: with such bits it asks every time.
   */
  final Timeouts timeouts() {
    int mode = Scratch.current().mode();
    boolean changes = Mode.isRegular(mode) && (mode & (Mode.S_ISUID | Mode.S_ISGID)) != 0;
    return changes ? timeoutsOfSetId : options.timeouts();
  }

  /** Works as whoever permissions are to be checked for. */
  final void assume(RawRequest request) {
    Identity identity = Scratch.current().identity;
    if (options.kernelChecks()) {
      identity.server();
    } else {
      identity.callerWithGroups(request);
    }
  }

  /** Makes something that the caller is to own; returns what the system call returned. */
  final int make(RawRequest request, int mode, int umask, MakeCall call) {
    Identity identity = Scratch.current().identity;
    identity.umask(umask);
    boolean groupsMatter = (mode & Mode.S_ISGID) != 0 || !options.kernelChecks();
    if (groupsMatter) {
      identity.callerWithGroups(request);
      return call.run();
    }
    identity.caller(request);
    int result = call.run();
    if (result == -Errno.EACCES || result == -Errno.EPERM) {
      // The kernel allowed it: perhaps by a supplementary group, which we did not look up yet.
      identity.callerWithGroups(request);
      result = call.run();
    }
    return result;
  }

  @FunctionalInterface
  interface MakeCall {
    int run();
  }

  /** The node of what {@link Scratch} saw last, with one lookup counted. */
  final BackingNode found(BackingNode parent, Name name) {
    BackingNode found = found();
    if (!found.equals(root)) {
      found.seenAt(parent, name);
    }
    return found;
  }

  /** The same for what has no name. */
  final BackingNode found() {
    Scratch scratch = Scratch.current();
    BackingNode.Key key = scratch.key();
    int mode = scratch.mode();
    BackingNode found = index.lookUp(key, () -> new BackingNode(key, mode));
    if (found == null) {
      throw new FuseException(Errno.ENFILE);
    }
    return found;
  }

  final void forget(BackingNode node, long count) {
    index.forget(node.key, node, count, descriptors::forget);
  }

  private void entry(BackingNode parent, int directory, Name name, EntryReply reply) {
    Scratch scratch = Scratch.current();
    check(scratch.stat(directory, address(name)));
    BackingNode found = found(parent, name);
    reply.entry(found.nodeId(), scratch, timeouts());
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    BackingNode parent = node(request.nodeId());
    int directory = descriptors.pin(parent);
    try {
      assume(request);
      boolean leavesTree = parent.equals(root) && request.name().contentEquals("..");
      entry(parent, directory, leavesTree ? SELF : request.name(), reply);
    } finally {
      descriptors.unpin(parent);
    }
  }

  @Override
  public void forget(Forget.Request request) {
    BackingNode node = nodes.find(request.nodeId());
    if (node != null && !node.equals(root)) {
      forget(node, request.lookups());
    }
  }

  @Override
  public void mknod(Mknod.Request request, EntryReply reply) {
    BackingNode parent = node(request.nodeId());
    int directory = descriptors.pin(parent);
    try {
      long name = address(request.name());
      long device = device(request.rdev());
      int mode = request.mode();
      check(
          make(
              request,
              mode,
              request.umask(),
              () -> NameCalls.mknodat(directory, name, mode, device)));
      entry(parent, directory, request.name(), reply);
    } finally {
      descriptors.unpin(parent);
    }
  }

  /** From the kernel's 32-bit encoding to the one of makedev(3). */
  private static long device(int rdev) {
    long major = (rdev >>> 8) & 0xfffL;
    long minor = (rdev & 0xffL) | ((rdev >>> 12) & 0xfff00L);
    return (major << 8) | (minor & 0xff) | ((minor & ~0xffL) << 12);
  }

  @Override
  public void mkdir(Mkdir.Request request, EntryReply reply) {
    BackingNode parent = node(request.nodeId());
    int directory = descriptors.pin(parent);
    try {
      long name = address(request.name());
      int mode = request.mode();
      check(make(request, mode, request.umask(), () -> NameCalls.mkdirat(directory, name, mode)));
      entry(parent, directory, request.name(), reply);
    } finally {
      descriptors.unpin(parent);
    }
  }

  @Override
  public void symlink(Symlink.Request request, EntryReply reply) {
    BackingNode parent = node(request.nodeId());
    int directory = descriptors.pin(parent);
    try {
      long name = address(request.name());
      long target = address(request.target());
      check(make(request, 0, 0, () -> NameCalls.symlinkat(target, directory, name)));
      entry(parent, directory, request.name(), reply);
    } finally {
      descriptors.unpin(parent);
    }
  }

  @Override
  public void link(Link.Request request, EntryReply reply) {
    BackingNode parent = node(request.nodeId());
    BackingNode node = node(request.existingNodeId());
    int directory = descriptors.pin(parent);
    try {
      int existing = descriptors.pin(node);
      try {
        assume(request);
        long source = Scratch.current().names.putDescriptor(existing);
        check(
            NameCalls.linkat(
                At.FDCWD, source, directory, address(request.name()), At.SYMLINK_FOLLOW));
        entry(parent, directory, request.name(), reply);
      } finally {
        descriptors.unpin(node);
      }
    } finally {
      descriptors.unpin(parent);
    }
  }

  @Override
  public void unlink(Unlink.Request request, EmptyReply reply) {
    remove(request, request.name(), 0);
    reply.ok();
  }

  @Override
  public void rmdir(Rmdir.Request request, EmptyReply reply) {
    remove(request, request.name(), At.REMOVEDIR);
    reply.ok();
  }

  private void remove(RawRequest request, Name name, int flags) {
    BackingNode parent = node(request.nodeId());
    int directory = descriptors.pin(parent);
    try {
      BackingNode node = pinKnown(parent, directory, name);
      try {
        assume(request);
        check(NameCalls.unlinkat(directory, address(name), flags));
        lostName(node);
      } finally {
        unpinKnown(node);
      }
    } finally {
      descriptors.unpin(parent);
    }
  }

  /**
   * The pinned node of a name that is about to change, or null when the kernel knows none. While it
   * is pinned, nobody looks for it under the name that it is losing.
   */
  private @Nullable BackingNode pinKnown(BackingNode parent, int directory, Name name) {
    Scratch scratch = Scratch.current();
    scratch.identity.server();
    if (scratch.stat(directory, address(name)) < 0) {
      return null;
    }
    BackingNode node = index.find(scratch.key());
    if (node == null || node.equals(root)) {
      return null;
    }
    node.seenAt(parent, name);
    descriptors.pin(node);
    return node;
  }

  private void unpinKnown(@Nullable BackingNode node) {
    if (node != null) {
      descriptors.unpin(node);
    }
  }

  private void lostName(@Nullable BackingNode node) {
    if (node != null) {
      descriptors.lostName(node);
    }
  }

  @Override
  public void rename(Rename.Request request, EmptyReply reply) {
    BackingNode parent = node(request.nodeId());
    BackingNode newParent = node(request.newParent());
    int from = descriptors.pin(parent);
    try {
      int to = descriptors.pin(newParent);
      try {
        rename(request, new Place(parent, from), new Place(newParent, to));
      } finally {
        descriptors.unpin(newParent);
      }
    } finally {
      descriptors.unpin(parent);
    }
    reply.ok();
  }

  /** A directory with its pinned descriptor. */
  private record Place(BackingNode node, int descriptor) {}

  private void rename(Rename.Request request, Place from, Place to) {
    BackingNode moved = pinKnown(from.node(), from.descriptor(), request.name());
    try {
      BackingNode target = pinKnown(to.node(), to.descriptor(), request.newName());
      try {
        if ((request.flags() & io.fusewire.linux.sys.Rename.WHITEOUT) != 0) {
          Scratch.current().identity.callerWithGroups(request); // what stays behind is the caller's
        } else {
          assume(request);
        }
        check(
            NameCalls.renameat2(
                from.descriptor(),
                address(request.name()),
                to.descriptor(),
                address(request.newName()),
                request.flags()));
        if (moved != null) {
          moved.seenAt(to.node(), request.newName());
        }
        if (target == null || target.equals(moved)) {
          return;
        }
        if ((request.flags() & io.fusewire.linux.sys.Rename.EXCHANGE) != 0) {
          target.seenAt(from.node(), request.name());
        } else {
          lostName(target);
        }
      } finally {
        unpinKnown(target);
      }
    } finally {
      unpinKnown(moved);
    }
  }

  @Override
  public void readlink(Readlink.Request request, DataReply reply) {
    BackingNode node = node(request.nodeId());
    int descriptor = descriptors.pin(node);
    try {
      MemorySegment room = reply.room();
      long length =
          check(
              NameCalls.readlinkat(
                  descriptor,
                  Scratch.current().empty.address(),
                  room.address() + reply.roomOffset(),
                  4096));
      reply.produced(length);
    } finally {
      descriptors.unpin(node);
    }
  }
}
