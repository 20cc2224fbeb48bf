package io.fusewire.schedule;

import io.fusewire.transport.RequestSlot;

/** Says whether a request is served at all. Called on reader threads; must not block. */
@FunctionalInterface
public interface Admission {
  /** Serves everybody. */
  Admission ALL = slot -> 0;

  /** The errno with which a request is refused, or 0 to serve it. */
  int refuses(RequestSlot slot);
}
