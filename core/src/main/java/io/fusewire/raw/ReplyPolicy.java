package io.fusewire.raw;

import io.fusewire.wire.flag.OpenFlags;
import org.jspecify.annotations.Nullable;

/**
 * What the mount changes in the file system's answers.
 *
 * @param uid owner shown for every node, or {@link #UNCHANGED}
 * @param gid group shown for every node, or {@link #UNCHANGED}
 * @param openFlags {@link OpenFlags} added to every opened file, not to directories
 * @param backing chooses which files open on backing files; null where the kernel has none
 */
public record ReplyPolicy(int uid, int gid, int openFlags, @Nullable Backing backing) {
  /** As an owner: show what the file system says. */
  public static final int UNCHANGED = -1;

  /** Changes nothing. */
  public static final ReplyPolicy NONE = new ReplyPolicy(UNCHANGED, UNCHANGED, 0);

  /** A policy of a mount without backing files. */
  public ReplyPolicy(int uid, int gid, int openFlags) {
    this(uid, gid, openFlags, null);
  }

  /** The same with backing files. */
  public ReplyPolicy withBacking(Backing files) {
    return new ReplyPolicy(uid, gid, openFlags, files);
  }

  /** How long attributes of a node may hold, when its file system says so many nanoseconds. */
  long attributeNanos(long nodeId, long nanos) {
    return backing == null ? nanos : backing.attributeNanos(nodeId, nanos);
  }
}
