/**
 * One Java method per system call. A call returns what the kernel returns: 0 or more, or a negative
 * errno; it allocates nothing. Addresses of native memory are passed as long.
 */
package io.fusewire.linux.sys;
