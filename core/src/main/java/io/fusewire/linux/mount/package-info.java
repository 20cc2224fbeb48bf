/** Gets a descriptor of {@code /dev/fuse} that is mounted somewhere, and ends the mount. */
package io.fusewire.linux.mount;
