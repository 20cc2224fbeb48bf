package io.fusewire.raw;

/**
 * What must be taken back when an answer comes after the library's own: the kernel never got it, so
 * it holds neither the lookups nor the open file that the file system has counted.
 */
public enum Undo {
  /** Nothing was given. */
  NOTHING,

  /** One lookup of the node in the answer. */
  LOOKUP,

  /** The open file in the answer. */
  OPEN,

  /** One lookup and an open file. */
  LOOKUP_AND_OPEN,

  /** One lookup of each node in a list of names. */
  LOOKUPS
}
