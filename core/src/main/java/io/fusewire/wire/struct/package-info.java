/** Structs that several opcodes share, with the kernel's names. */
package io.fusewire.wire.struct;
