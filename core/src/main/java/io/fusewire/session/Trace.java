package io.fusewire.session;

import io.fusewire.transport.ReplyObserver;
import io.fusewire.transport.RequestSlot;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Writes one readable line for each request and each reply. Safe for all threads. */
final class Trace implements ReplyObserver {
  private final Appendable out;

  Trace(Appendable out) {
    this.out = out;
  }

  @Override
  public void received(RequestSlot slot) {
    write("-> " + slot.request());
  }

  @Override
  public void replied(RequestSlot slot, int error, long bytes) {
    String result = error == 0 ? bytes + " bytes" : Errno.describe(-error);
    String name = Opcode.describe(slot.frame().opcode());
    write("<- " + name + " unique=" + slot.frame().unique() + " " + result);
  }

  private void write(String line) {
    synchronized (out) {
      try {
        out.append(line).append('\n');
      } catch (IOException e) {
        throw new UncheckedIOException("the trace cannot be written", e);
      }
    }
  }
}
