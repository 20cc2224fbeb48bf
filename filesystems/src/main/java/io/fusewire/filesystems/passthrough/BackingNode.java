package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.Mode;
import io.fusewire.node.Node;
import io.fusewire.wire.Name;
import org.jspecify.annotations.Nullable;

/**
 * A file or directory of the backing tree that the kernel knows. Its descriptor, if it has one, is
 * managed by {@link Descriptors} and guarded by its lock.
 */
final class BackingNode extends Node {
  /**
   * Identifies the backing inode; the time of birth tells a reused number.
   *
   * @param device major and minor in one number
   * @param mount of a directory: bind mounts show one directory in two places, and the kernel keeps
   *     one place for each node; 0 for everything else, which is one node wherever it is seen
   */
  record Key(long device, long ino, long birth, long mount) {}

  /** A name under which the node can be opened again. */
  record Location(BackingNode parent, Name name) {}

  final Key key;

  /** The type bits of its mode, which never change. */
  final int type;

  /** The last known name; null for the root. */
  volatile @Nullable Location location;

  /** An O_PATH descriptor, or -1. */
  int descriptor = -1;

  /** How many operations use the descriptor now. */
  int pins;

  /** True when no name and no file handle leads to the node: its descriptor is the only way. */
  volatile boolean anchored;

  /** True when the kernel has forgotten the node: its last use closes the descriptor. */
  boolean forgotten;

  /** What open_by_handle_at(2) takes, or null. */
  byte @Nullable [] handle;

  BackingNode(Key key, int mode) {
    this.key = key;
    this.type = mode & Mode.S_IFMT;
  }

  /** Remembers under which name the node was seen last. */
  void seenAt(BackingNode parent, Name name) {
    Location known = location;
    if (known == null || !known.parent().equals(parent) || !known.name().equals(name)) {
      location = new Location(parent, name.copy());
    }
    if (anchored) {
      anchored = false;
    }
  }
}
