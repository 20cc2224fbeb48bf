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
import io.fusewire.raw.Unlink;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;

/** The part of the passthrough that finds, makes and removes names, and what all parts share. */
abstract class PassthroughNames implements RawFileSystem {
  private static final int RENAME_WHITEOUT = 4;

  final PassthroughOptions options;
  final BackingNode root;
  private final NodeTable<BackingNode> nodes = new NodeTable<>(NodeTable.NODES_DEFAULT);
  final NodeIndex<BackingNode.Key, BackingNode> index = new NodeIndex<>(nodes);
  final Descriptors descriptors;
  final Directories directories = new Directories();
  final BackingLocks locks;
  boolean writebackCache;

  /** Opens the root. */
  PassthroughNames(Path directory, PassthroughOptions options) throws LinuxException {
    this.options = options;
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
    this.root = new BackingNode(scratch.key());
    nodes.add(root);
    this.descriptors = new Descriptors(root, descriptor, options.descriptorsMax());
    this.locks = new BackingLocks(descriptors);
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
    BackingNode.Key key = Scratch.current().key();
    BackingNode found = index.lookUp(key, () -> new BackingNode(key));
    if (found == null) {
      throw new FuseException(Errno.ENFILE);
    }
    if (!found.equals(root)) {
      found.seenAt(parent, name);
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
    if (!reply.entry(found.nodeId(), scratch, options.timeouts())) {
      forget(found, 1);
    }
  }

  @Override
  public void lookup(Lookup.Request request, EntryReply reply) {
    BackingNode parent = node(request.nodeId());
    int directory = descriptors.pin(parent);
    try {
      assume(request);
      entry(parent, directory, request.name(), reply);
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
      keepReachable(directory, name);
      assume(request);
      check(NameCalls.unlinkat(directory, address(name), flags));
    } finally {
      descriptors.unpin(parent);
    }
  }

  /** What is about to lose a name may be open, or somebody's working directory. */
  private void keepReachable(int directory, Name name) {
    Scratch scratch = Scratch.current();
    scratch.identity.server();
    if (scratch.stat(directory, address(name)) < 0) {
      return;
    }
    BackingNode node = index.find(scratch.key());
    if (node != null) {
      descriptors.anchor(node);
    }
  }

  @Override
  public void rename(Rename.Request request, EmptyReply reply) {
    if ((request.flags() & RENAME_WHITEOUT) != 0) {
      throw new FuseException(Errno.EINVAL);
    }
    BackingNode parent = node(request.nodeId());
    BackingNode newParent = node(request.newParent());
    int from = descriptors.pin(parent);
    try {
      int to = descriptors.pin(newParent);
      try {
        keepReachable(to, request.newName());
        assume(request);
        check(
            NameCalls.renameat2(
                from, address(request.name()), to, address(request.newName()), request.flags()));
        moved(newParent, to, request.newName());
        if (request.flags() != 0) {
          moved(parent, from, request.name());
        }
      } finally {
        descriptors.unpin(newParent);
      }
    } finally {
      descriptors.unpin(parent);
    }
    reply.ok();
  }

  /** A known node has a new name now. */
  private void moved(BackingNode parent, int directory, Name name) {
    Scratch scratch = Scratch.current();
    scratch.identity.server();
    if (scratch.stat(directory, address(name)) >= 0) {
      BackingNode node = index.find(scratch.key());
      if (node != null) {
        node.seenAt(parent, name);
      }
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
