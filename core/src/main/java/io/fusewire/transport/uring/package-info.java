/** The transport on FUSE-over-io_uring, with {@code /dev/fuse} beside it for control. */
package io.fusewire.transport.uring;
