package io.fusewire.transport;

import io.fusewire.raw.Read;

/** Which requests carry so much data that others should not wait behind them. */
public final class LargeRequests {
  /** From this size on a read or write is large, in bytes. */
  public static final int BYTES = 32 * 1024;

  private LargeRequests() {}

  /** True when the request in this slot is, or asks for, more than {@link #BYTES}. */
  public static boolean isLarge(RequestSlot slot) {
    return slot.receivedBytes() > BYTES
        || (slot.request() instanceof Read.Request read && read.size() > BYTES);
  }
}
