package io.fusewire.transport;

/**
 * The threads of a transport.
 *
 * @param count how many read and serve
 * @param role what they are called
 * @param mayBlock whether handlers on them may sit in system calls; one of them always reads
 */
public record Threads(int count, String role, boolean mayBlock) {}
