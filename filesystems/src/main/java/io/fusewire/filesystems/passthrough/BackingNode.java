package io.fusewire.filesystems.passthrough;

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
   */
  record Key(long device, long ino, long birth) {}

  /** A name under which the node can be opened again. */
  record Location(BackingNode parent, Name name) {}

  final Key key;
  final long device;

  /** The last known name; null for the root. */
  volatile @Nullable Location location;

  /** An O_PATH descriptor, or -1. */
  int descriptor = -1;

  /** How many operations use the descriptor now. */
  int pins;

  /** True when the node has lost its last name: its descriptor is the only way to it. */
  boolean anchored;

  /** True when the kernel has forgotten the node: its last use closes the descriptor. */
  boolean forgotten;

  /** What open_by_handle_at(2) takes, or null. */
  byte @Nullable [] handle;

  BackingNode(Key key) {
    this.key = key;
    this.device = key.device();
  }

  /** Remembers under which name the node was seen last. */
  void seenAt(BackingNode parent, Name name) {
    Location known = location;
    if (known == null || !known.parent().equals(parent) || !known.name().equals(name)) {
      location = new Location(parent, name.copy());
    }
  }
}
