package io.fusewire.filesystems.memory;

import io.fusewire.raw.DirectoryPlusReply;
import io.fusewire.raw.DirectoryReply;
import io.fusewire.raw.Timeouts;
import io.fusewire.wire.Name;
import java.util.Objects;

/** Lists directories: "." and ".." first, then the names in the order they were made. */
final class Listing {
  private static final Name DOT = Name.of(".");
  private static final Name DOT_DOT = Name.of("..");

  private final Tree tree;
  private final Timeouts timeouts;

  Listing(Tree tree, Timeouts timeouts) {
    this.tree = tree;
    this.timeouts = timeouts;
  }

  /** Answers READDIR from a cookie on. */
  void names(Inode node, long cookie, DirectoryReply reply) {
    Directory directory = Tree.names(node);
    long stamp = tree.lock.readLock();
    try {
      boolean room = cookie > 0 || reply.add(DOT, node.ino(), node.mode(), 1);
      Inode parent = Objects.requireNonNull(directory.parent);
      room = room && (cookie > 1 || reply.add(DOT_DOT, parent.ino(), parent.mode(), 2));
      if (room) {
        for (Inode.Entry entry : directory.from(cookie).values()) {
          Inode child = entry.node();
          if (!reply.add(entry.name(), child.ino(), child.mode(), entry.cookie() + 1)) {
            break;
          }
        }
      }
    } finally {
      tree.lock.unlockRead(stamp);
    }
    reply.send();
  }

  /** Answers READDIRPLUS from a cookie on; each node that is given counts one lookup. */
  void namesWithNodes(Inode node, long cookie, DirectoryPlusReply reply) {
    Directory directory = Tree.names(node);
    long stamp = tree.lock.readLock();
    try {
      boolean room = cookie > 0 || reply.addName(DOT, node.ino(), node.mode(), 1);
      Inode parent = Objects.requireNonNull(directory.parent);
      room = room && (cookie > 1 || reply.addName(DOT_DOT, parent.ino(), parent.mode(), 2));
      if (room) {
        for (Inode.Entry entry : directory.from(cookie).values()) {
          if (!add(entry, reply)) {
            break;
          }
        }
      }
    } finally {
      tree.lock.unlockRead(stamp);
    }
    reply.send();
  }

  private boolean add(Inode.Entry entry, DirectoryPlusReply reply) {
    Inode child = entry.node();
    boolean added;
    synchronized (child) {
      added = reply.add(entry.name(), child.nodeId(), child, timeouts, entry.cookie() + 1);
    }
    if (added) {
      child.addLookup();
    }
    return added;
  }
}
