/** A complete POSIX file system whose files lie in memory outside the Java heap. */
package io.fusewire.filesystems.memory;
