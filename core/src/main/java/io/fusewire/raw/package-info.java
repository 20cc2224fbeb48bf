/**
 * The inode API: a file system implements {@link io.fusewire.raw.RawFileSystem}; every opcode has
 * one file that holds all that is known of it.
 */
package io.fusewire.raw;
