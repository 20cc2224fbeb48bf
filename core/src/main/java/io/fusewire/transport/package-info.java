/** Moves requests in and replies out, and owns the memory both lie in. */
package io.fusewire.transport;
