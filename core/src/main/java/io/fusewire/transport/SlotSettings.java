package io.fusewire.transport;

import io.fusewire.raw.ReplyPolicy;
import org.jspecify.annotations.Nullable;

/**
 * What all slots of a session share.
 *
 * @param bodyBytes room for the largest request or reply, in bytes
 * @param slotsMax how many requests may be in flight
 * @param initFlags the negotiated capabilities
 * @param policy what the mount's options change in replies
 * @param observer sees requests and replies, or null
 */
public record SlotSettings(
    int bodyBytes,
    int slotsMax,
    long initFlags,
    ReplyPolicy policy,
    @Nullable ReplyObserver observer) {}
