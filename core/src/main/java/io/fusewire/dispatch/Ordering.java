package io.fusewire.dispatch;

/** Which requests run in the order in which they came. */
public enum Ordering {
  /** None: the kernel's own locks are order enough for most file systems. */
  NONE,

  /** Those of one node: reads together, changes one after the other. */
  NODES,

  /** Those of one node, and those that make, remove or replace one name in one directory. */
  NODES_AND_NAMES
}
