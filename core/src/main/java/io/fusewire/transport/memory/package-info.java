/** A transport without a kernel, and a kernel to play at its other end: for tests. */
package io.fusewire.transport.memory;
