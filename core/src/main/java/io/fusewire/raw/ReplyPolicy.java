package io.fusewire.raw;

import io.fusewire.wire.flag.OpenFlags;

/**
 * What the options of a mount change in the file system's answers.
 *
 * @param uid owner shown for every node, or {@link #UNCHANGED}
 * @param gid group shown for every node, or {@link #UNCHANGED}
 * @param openFlags {@link OpenFlags} added to every opened file, not to directories
 */
public record ReplyPolicy(int uid, int gid, int openFlags) {
  /** As an owner: show what the file system says. */
  public static final int UNCHANGED = -1;

  /** Changes nothing. */
  public static final ReplyPolicy NONE = new ReplyPolicy(UNCHANGED, UNCHANGED, 0);
}
