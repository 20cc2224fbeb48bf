package io.fusewire.wire.layout;

/** One field of a {@link Struct}: its C name and its offset in bytes from the struct's start. */
public sealed interface Field permits U8, U16, U32, I32, U64, I64, Embedded, Reserved {
  /** The C name. */
  String name();

  /** Bytes from the start of the struct. */
  long offset();
}
