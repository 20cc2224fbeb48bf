/** The transport on {@code /dev/fuse}. */
package io.fusewire.transport.dev;
