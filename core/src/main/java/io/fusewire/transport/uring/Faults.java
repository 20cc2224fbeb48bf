package io.fusewire.transport.uring;

/** Which steps of setting up rings are to fail, in tests; the kernel then refuses them for real. */
interface Faults {
  /** None. */
  Faults NONE = new Faults() {};

  /** Whether making the ring of this CPU fails. */
  default boolean atOpen(int cpu) {
    return false;
  }

  /** Whether registering an entry of this queue fails. */
  default boolean atRegister(int queue, int entry) {
    return false;
  }
}
