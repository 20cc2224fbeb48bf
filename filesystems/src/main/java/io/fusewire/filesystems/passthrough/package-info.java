/** A file system that mirrors a directory of the host. */
package io.fusewire.filesystems.passthrough;
