package io.fusewire.transport.uring;

/** Which steps are to fail, in tests; in setting up rings the kernel then refuses them for real. */
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

  /** With which errno, negative, the calls of this CPU's ring fail while it serves; 0 for none. */
  default int atEnter(int cpu) {
    return 0;
  }
}
