package io.fusewire.raw;

/** How urgent a request is; part of each opcode's declaration. The order is the order of rank. */
public enum RequestClass {
  /** What frees or ends other requests: never waits behind anything. */
  CONTROL,

  /** Names, attributes, opening and closing: short, and somebody waits for it. */
  METADATA,

  /** Data that a caller waits for. */
  FOREGROUND,

  /** Data that nobody waits for: what the kernel writes back from its cache. */
  BACKGROUND
}
