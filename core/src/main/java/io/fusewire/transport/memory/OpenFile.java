package io.fusewire.transport.memory;

/**
 * A file or directory that is open in the kernel: RELEASE follows exactly once.
 *
 * @param number tells it apart: a server may give the same handle many times
 * @param node that is open
 * @param handle what the server calls it
 * @param isDirectory opened with OPENDIR
 * @param flags of open(2)
 * @param openFlags of the answer
 * @param backingId of the answer
 */
public record OpenFile(
    long number,
    long node,
    long handle,
    boolean isDirectory,
    int flags,
    int openFlags,
    int backingId) {}
