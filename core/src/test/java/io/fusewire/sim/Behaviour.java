package io.fusewire.sim;

/**
 * How the handlers of a {@link SimFileSystem} behave, in percent of all requests; the rest answers
 * at once.
 *
 * @param inline of the opcodes run on the reading thread
 * @param later answer after a time
 * @param laterNanosMax the longest such time
 * @param never do not answer unless interrupted, and then perhaps when the library did
 * @param neverMax how many of those there may be at one time
 * @param throwing throw, half of them after {@code later()}
 * @param silent return without an answer
 * @param twice answer twice
 * @param honoursInterrupts whether INTERRUPT ends a request that would answer later or never
 */
record Behaviour(
    int inline,
    int later,
    long laterNanosMax,
    int never,
    int neverMax,
    int throwing,
    int silent,
    int twice,
    boolean honoursInterrupts) {}
