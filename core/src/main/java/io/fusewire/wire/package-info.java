/** The protocol as data: opcodes, names, the shape of a message. No I/O and no threads. */
package io.fusewire.wire;
