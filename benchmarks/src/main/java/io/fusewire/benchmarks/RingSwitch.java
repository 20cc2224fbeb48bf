package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/** The kernel's switch for FUSE over io_uring; what was there comes back at the end. */
final class RingSwitch implements AutoCloseable {
  private static final Path SWITCH = Path.of("/sys/module/fuse/parameters/enable_uring");

  private final AtomicBoolean changed;

  private RingSwitch(boolean changed) {
    this.changed = new AtomicBoolean(changed);
  }

  /** True when the kernel offers io_uring to new mounts. */
  static boolean isOn() throws IOException {
    return Files.exists(SWITCH) && Files.readString(SWITCH).startsWith("Y");
  }

  /**
   * Makes sure that it is on for servers that need it; IOException if it is not and must not be.
   */
  static RingSwitch require(boolean needed, boolean mayChange) throws IOException {
    if (!needed || isOn()) {
      return new RingSwitch(false);
    }
    if (!Files.exists(SWITCH)) {
      throw new IOException(
          "this kernel has no FUSE over io_uring (6.14 or later): leave those servers out with"
              + " --without c-ring --without libfuse-ring and --only");
    }
    if (!mayChange) {
      throw new IOException(
          SWITCH + " is off: give --uring to switch it on for the run, or leave those servers out");
    }
    Files.writeString(SWITCH, "Y");
    return new RingSwitch(true);
  }

  /** Puts back what was there. Idempotent. */
  @Override
  public void close() {
    if (changed.getAndSet(false)) {
      try {
        Files.writeString(SWITCH, "N");
      } catch (IOException e) {
        System.err.println("benchmarks: " + SWITCH + " stays on: " + e);
      }
    }
  }
}
