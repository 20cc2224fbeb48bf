package io.fusewire.linux.mount;

import io.fusewire.linux.sys.CapabilityBuffer;
import io.fusewire.linux.sys.ThreadCredentials;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** Chooses how to mount. */
public final class Mounters {
  private Mounters() {}

  /** mount(2) where this process may use it, otherwise fusermount3. */
  public static Mounter forThisProcess() {
    return mayMount() ? new DirectMounter() : new HelperMounter();
  }

  /**
   * The mounter for a request: {@code /dev/fd/N} is mounted already, auto_unmount needs
   * fusermount3, and the rest is as {@link #forThisProcess} says.
   */
  public static Mounter forRequest(MountRequest request) {
    if (PassedDescriptorMounter.isMeant(request)) {
      return new PassedDescriptorMounter();
    }
    return request.autoUnmount() ? new HelperMounter() : forThisProcess();
  }

  /** True with CAP_SYS_ADMIN. */
  static boolean mayMount() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment capabilities = arena.allocate(CapabilityBuffer.BYTES, Integer.BYTES);
      CapabilityBuffer.prepare(capabilities);
      int result = ThreadCredentials.capget(capabilities.address());
      long effective = CapabilityBuffer.effective(capabilities);
      return result >= 0 && (effective & 1L << CapabilityBuffer.CAP_SYS_ADMIN) != 0;
    }
  }
}
