package io.fusewire.filesystems.passthrough;

/**
 * An open directory. Its position belongs to whoever holds its monitor.
 *
 * @param descriptor open for reading
 */
record DirectoryHandle(int descriptor) {}
