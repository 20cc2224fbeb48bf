package io.fusewire.filesystems.memory;

import io.fusewire.node.NodeTable;
import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Name;
import io.fusewire.wire.flag.RenameFlags;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * The names and nodes of the whole file system. One lock guards all names: finding and listing
 * share it, changes have it alone. Methods throw FuseException with the errno that POSIX names.
 */
final class Tree {
  private static final int NAME_BYTES_MAX = 255;

  /** The kernel counts links in 32 bits; tmpfs has no other limit either. */
  private static final int LINKS_MAX = Integer.MAX_VALUE;

  final StampedLock lock = new StampedLock();
  final Inode root;
  private final NodeTable<Inode> nodes;
  private final MetadataSpace space;
  private final Clock clock;

  Tree(NodeTable<Inode> nodes, MetadataSpace space, Clock clock) {
    this.nodes = nodes;
    this.space = space;
    this.clock = clock;
    this.root = Inode.directory(0755, clock.instant(), null);
    nodes.add(root);
  }

  /** The node with this id; ESTALE when there is none. */
  Inode node(long nodeId) {
    Inode node = nodes.find(nodeId);
    if (node == null) {
      throw new FuseException(Errno.ESTALE);
    }
    return node;
  }

  static Directory names(Inode node) {
    if (node.directory == null) {
      throw new FuseException(Errno.ENOTDIR);
    }
    return node.directory;
  }

  /** Finds a name and counts a lookup; ENOENT when there is none. */
  Inode lookUp(long parentId, Name name) {
    Directory directory = names(node(parentId));
    checkLength(name);
    long stamp = lock.readLock();
    try {
      Inode found = directory.find(name);
      if (found == null) {
        throw new FuseException(Errno.ENOENT);
      }
      found.addLookup();
      return found;
    } finally {
      lock.unlockRead(stamp);
    }
  }

  /** Gives a new node a name in a directory, with one lookup counted. */
  void create(Inode parent, Name name, Inode made) {
    Directory directory = names(parent);
    checkLength(name);
    Instant now = clock.instant();
    long stamp = lock.writeLock();
    try {
      checkNew(directory, name);
      FileFlags.checkAdd(parent);
      if (made.directory != null && parent.nlink >= LINKS_MAX) {
        throw new FuseException(Errno.EMLINK);
      }
      add(made, true);
      made.addLookup();
      if (made.directory == null) {
        made.nlink = 1;
      } else {
        changeLinks(parent, 1);
      }
      directory.put(name, made);
      parent.modified(now);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Makes a node without a name, with one lookup counted. */
  void createNameless(Inode made) {
    add(made, false);
    made.addLookup();
  }

  /** Puts a node into the table; ENOSPC when there is no room. */
  private void add(Inode made, boolean named) {
    if (!space.takeNode(made, named)) {
      throw new FuseException(Errno.ENOSPC);
    }
    if (!nodes.add(made)) {
      space.giveNode(made);
      if (named) {
        space.giveName();
      }
      throw new FuseException(Errno.ENOSPC);
    }
  }

  private static void checkLength(Name name) {
    if (name.length() > NAME_BYTES_MAX) {
      throw new FuseException(Errno.ENAMETOOLONG);
    }
  }

  private static void checkNew(Directory directory, Name name) {
    if (directory.removed) {
      throw new FuseException(Errno.ENOENT);
    }
    if (directory.find(name) != null) {
      throw new FuseException(Errno.EEXIST);
    }
  }

  private static void changeLinks(Inode node, int by) {
    int now = node.nlink;
    node.nlink = now + by;
  }

  /** Makes another name for a node, with one lookup counted. */
  void link(Inode node, Inode parent, Name name) {
    Directory directory = names(parent);
    checkLength(name);
    Instant now = clock.instant();
    long stamp = lock.writeLock();
    try {
      checkNew(directory, name);
      FileFlags.checkAdd(parent);
      FileFlags.checkChange(node);
      if (node.directory != null) {
        throw new FuseException(Errno.EPERM);
      }
      if (node.nlink >= LINKS_MAX) {
        throw new FuseException(Errno.EMLINK);
      }
      if (!space.takeName()) {
        throw new FuseException(Errno.ENOSPC);
      }
      node.addLookup();
      changeLinks(node, 1);
      directory.put(name, node);
      node.changed(now);
      parent.modified(now);
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /** Removes a name of anything but a directory. */
  void unlink(Inode parent, Name name) {
    Instant now = clock.instant();
    Inode gone;
    long stamp = lock.writeLock();
    try {
      gone = existing(names(parent), name);
      FileFlags.checkChange(parent);
      FileFlags.checkChange(gone);
      if (gone.directory != null) {
        throw new FuseException(Errno.EISDIR);
      }
      names(parent).remove(name);
      space.giveName();
      changeLinks(gone, -1);
      gone.changed(now);
      parent.modified(now);
    } finally {
      lock.unlockWrite(stamp);
    }
    dropIfUnused(gone);
  }

  /** Removes an empty directory. */
  void rmdir(Inode parent, Name name) {
    Instant now = clock.instant();
    Inode gone;
    long stamp = lock.writeLock();
    try {
      gone = existing(names(parent), name);
      FileFlags.checkChange(parent);
      FileFlags.checkChange(gone);
      checkRemovable(gone);
      names(parent).remove(name);
      space.giveName();
      removed(gone, parent, now);
      parent.modified(now);
    } finally {
      lock.unlockWrite(stamp);
    }
    dropIfUnused(gone);
  }

  private static Inode existing(Directory directory, Name name) {
    checkLength(name);
    Inode node = directory.find(name);
    if (node == null) {
      throw new FuseException(Errno.ENOENT);
    }
    return node;
  }

  private static void checkRemovable(Inode node) {
    if (node.directory == null) {
      throw new FuseException(Errno.ENOTDIR);
    }
    if (!node.directory.isEmpty()) {
      throw new FuseException(Errno.ENOTEMPTY);
    }
  }

  private static void removed(Inode directory, Inode parent, Instant now) {
    Objects.requireNonNull(directory.directory).removed = true;
    directory.nlink = 0;
    directory.changed(now);
    changeLinks(parent, -1);
  }

  /** Moves or exchanges names, as renameat2(2) says. */
  void rename(Move move) {
    checkFlags(move);
    checkLength(move.newName());
    Inode replaced = null;
    long stamp = lock.writeLock();
    try {
      Inode node = existing(names(move.parent()), move.name());
      Inode other = names(move.newParent()).find(move.newName());
      if (names(move.newParent()).removed) {
        throw new FuseException(Errno.ENOENT);
      }
      checkNotInside(node, move.newParent());
      checkFileFlags(move, node, other);
      if (move.flags() == RenameFlags.EXCHANGE) {
        exchange(move, node, other);
      } else if (move.has(RenameFlags.NOREPLACE) && other != null) {
        throw new FuseException(Errno.EEXIST);
      } else if (node != other) {
        replaced = other;
        replace(move, node, other);
      }
    } finally {
      lock.unlockWrite(stamp);
    }
    if (replaced != null) {
      dropIfUnused(replaced);
    }
  }

  /**
   * A rename: from a name in one directory to a name in another.
   *
   * @param whiteout what takes the old name when the flags say so
   */
  record Move(Inode parent, Name name, Inode newParent, Name newName, int flags, Inode whiteout) {
    boolean has(int flag) {
      return (flags & flag) != 0;
    }
  }

  private static void checkFlags(Move move) {
    int known = RenameFlags.NOREPLACE | RenameFlags.EXCHANGE | RenameFlags.WHITEOUT;
    boolean alone = !move.has(RenameFlags.EXCHANGE) || move.flags() == RenameFlags.EXCHANGE;
    if ((move.flags() & ~known) != 0 || !alone) {
      throw new FuseException(Errno.EINVAL);
    }
  }

  private static void checkFileFlags(Move move, Inode node, @Nullable Inode other) {
    FileFlags.checkChange(move.parent());
    FileFlags.checkChange(node);
    FileFlags.checkAdd(move.newParent());
    if (other != null) {
      FileFlags.checkChange(move.newParent());
      FileFlags.checkChange(other);
    }
  }

  /** A directory cannot move into itself or below. */
  private static void checkNotInside(Inode node, Inode directory) {
    Inode at = directory;
    while (node.directory != null) {
      if (at == node) {
        throw new FuseException(Errno.EINVAL);
      }
      Inode parent = Objects.requireNonNull(names(at).parent);
      if (parent == at) {
        return;
      }
      at = parent;
    }
  }

  private void exchange(Move move, Inode node, @Nullable Inode other) {
    if (other == null) {
      throw new FuseException(Errno.ENOENT);
    }
    checkNotInside(other, move.parent());
    names(move.parent()).put(move.name(), other);
    names(move.newParent()).put(move.newName(), node);
    moved(node, move.parent(), move.newParent());
    moved(other, move.newParent(), move.parent());
    touch(move, node, other);
  }

  private void replace(Move move, Inode node, @Nullable Inode other) {
    Instant now = clock.instant();
    if (other != null) {
      checkReplaceable(node, other);
    }
    boolean whiteout = move.has(RenameFlags.WHITEOUT);
    if (whiteout) {
      add(move.whiteout(), true);
      move.whiteout().nlink = 1;
    }
    if (other != null) {
      space.giveName();
      if (other.directory != null) {
        removed(other, move.newParent(), now);
      } else {
        changeLinks(other, -1);
        other.changed(now);
      }
    }
    if (whiteout) {
      names(move.parent()).put(move.name(), move.whiteout());
    } else {
      names(move.parent()).remove(move.name());
    }
    names(move.newParent()).put(move.newName(), node);
    moved(node, move.parent(), move.newParent());
    touch(move, node, node);
  }

  private static void checkReplaceable(Inode node, Inode other) {
    if (node.directory != null) {
      checkRemovable(other);
    } else if (other.directory != null) {
      throw new FuseException(Errno.EISDIR);
    }
  }

  private static void moved(Inode node, Inode from, Inode to) {
    if (node.directory != null && from != to) {
      node.directory.parent = to;
      changeLinks(from, -1);
      changeLinks(to, 1);
    }
  }

  private void touch(Move move, Inode node, Inode other) {
    Instant now = clock.instant();
    move.parent().modified(now);
    move.newParent().modified(now);
    node.changed(now);
    other.changed(now);
  }

  /** Frees a node that has neither name nor handle nor lookup. */
  void dropIfUnused(Inode node) {
    if (node != root && !node.isReachable() && node.retire()) {
      nodes.remove(node);
      if (node.data != null) {
        node.data.free();
      }
      space.giveNode(node);
    }
  }

  /** The time of now. */
  Instant now() {
    return clock.instant();
  }

  /** How many nodes there are and how many more there is room for, together. */
  long nodesMax() {
    return nodes.size() + nodesLeft();
  }

  /** How many more nodes there is room for. */
  long nodesLeft() {
    return Math.min(nodes.nodesMax() - nodes.size(), space.nodesLeft());
  }
}
