package io.fusewire.wire.layout;

/** A struct inside a {@link Struct}; its fields are reached with this offset as their base. */
public record Embedded(String name, long offset, Struct struct) implements Field {}
