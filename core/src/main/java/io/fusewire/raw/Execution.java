package io.fusewire.raw;

/** Where the handler of an operation runs; a file system declares it for each opcode. */
public enum Execution {
  /**
   * On the thread that read the request. The fastest, for handlers that never block: while such a
   * handler runs, this thread reads nothing else.
   */
  INLINE,

  /** On a virtual thread of its own, or on the executor the mount was given. The safe default. */
  VIRTUAL,

  /**
   * On one of a bounded set of platform threads. For handlers that sit in system calls: a blocking
   * native call would pin a virtual thread to its carrier.
   */
  PLATFORM
}
