package io.fusewire.session;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.transport.Transport;
import java.io.IOException;
import java.nio.file.Path;

/** Mounts file systems. Any thread may mount; many mounts live side by side in one process. */
public final class Fusewire {
  private Fusewire() {}

  /** Mounts with default options. */
  public static Mount mount(RawFileSystem fileSystem, Path mountPoint) throws IOException {
    return mount(fileSystem, mountPoint, MountOptions.create());
  }

  /**
   * Mounts a file system. When this returns the kernel's handshake is done and the mount can be
   * used.
   *
   * @param mountPoint an existing directory, or {@code /dev/fd/N} for a mounted descriptor
   * @throws LinuxException when it cannot be mounted; nothing stays mounted then, and the message
   *     says what to do
   */
  public static Mount mount(RawFileSystem fileSystem, Path mountPoint, MountOptions options)
      throws IOException {
    return Session.mount(ReaddirplusOnly.layer(fileSystem, options), mountPoint, options);
  }

  /**
   * Serves a file system on a transport that is connected already, without a mount: for tests. The
   * first message on it must be INIT.
   */
  public static Mount serve(RawFileSystem fileSystem, Transport transport, MountOptions options)
      throws IOException {
    return Session.serve(ReaddirplusOnly.layer(fileSystem, options), transport, options);
  }
}
