package io.fusewire.wire.layout;

/** Padding or spare space of a {@link Struct}; written as zero, never read. */
public record Reserved(String name, long offset, int bytes) implements Field {}
