package io.fusewire.transport.memory;

import java.lang.foreign.MemorySegment;

/**
 * A message that the server sent: a reply, or a notification, whose unique is 0.
 *
 * @param unique of the request it answers
 * @param error 0 or a negative errno; the code of a notification
 * @param body what lies behind the header; a copy, read-only
 */
public record Message(long unique, int error, MemorySegment body) {}
