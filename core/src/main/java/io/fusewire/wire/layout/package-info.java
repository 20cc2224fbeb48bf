/** Declares C structs field by field and derives their offsets. */
package io.fusewire.wire.layout;
