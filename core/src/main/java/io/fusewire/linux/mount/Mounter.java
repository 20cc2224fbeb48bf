package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;

/** A way to get a descriptor of {@code /dev/fuse} that is mounted. */
public interface Mounter {
  /**
   * Mounts what is asked for; a failure leaves nothing behind.
   *
   * @throws LinuxException naming what failed and the way out
   */
  MountedDevice mount(MountRequest request) throws LinuxException;
}
