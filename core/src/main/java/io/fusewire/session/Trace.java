package io.fusewire.session;

import io.fusewire.transport.ReplyObserver;
import io.fusewire.transport.RequestSlot;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.io.IOException;

/** Writes one readable line for each request and each reply. Safe for all threads. */
final class Trace implements ReplyObserver {
  private static final System.Logger LOG = System.getLogger("io.fusewire");

  private final Appendable out;
  private boolean broken;

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
        if (!broken) {
          out.append(line).append('\n');
        }
      } catch (IOException | RuntimeException e) { // a full disk must not take the mount down
        broken = true;
        LOG.log(System.Logger.Level.ERROR, "the trace ends: it cannot be written", e);
      }
    }
  }
}
