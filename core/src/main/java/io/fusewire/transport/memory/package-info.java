/** A transport without a kernel, for tests and measurements. */
package io.fusewire.transport.memory;
