package io.fusewire.session;

import io.fusewire.linux.mount.MountedDevice;
import io.fusewire.transport.Transport;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * Backing files over a session's device, or over its transport where there is none.
 *
 * @param device null for a connection without a mount
 */
record BackingLink(Transport transport, @Nullable MountedDevice device)
    implements BackingRegistry.Calls {
  @Override
  public int open(int descriptor) {
    return device == null ? transport.openBacking(descriptor) : device.openBacking(descriptor);
  }

  @Override
  public int close(int id) {
    return device == null ? transport.closeBacking(id) : device.closeBacking(id);
  }

  @Override
  public void notify(MemorySegment message, long bytes) {
    long _ = transport.send(message, bytes);
  }
}
