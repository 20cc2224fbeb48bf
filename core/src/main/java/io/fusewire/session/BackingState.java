package io.fusewire.session;

/**
 * How it stands with the backing files of a mount.
 *
 * @param isPossible whether the kernel takes backing files
 * @param reason why not, or why some file was opened without one; empty when there is none
 * @param nodes how many nodes are open on backing files now
 * @param opened how many backing files were registered so far
 * @param closed how many of them were given back; when nothing is open, all
 */
public record BackingState(boolean isPossible, String reason, int nodes, long opened, long closed) {
  /** A mount whose kernel takes no backing files. */
  static BackingState none(String reason) {
    return new BackingState(false, reason, 0, 0, 0);
  }
}
