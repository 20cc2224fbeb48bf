package io.fusewire.linux.mount;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is to be mounted where.
 *
 * @param mountPoint an absolute path, or {@code /dev/fd/N} for a descriptor that is mounted already
 * @param fsName the source shown in the mount table
 * @param subtype the type shown behind {@code fuse.}, or null
 * @param flags {@code MS_*} of mount(2)
 * @param kernelOptions options of the kernel's FUSE itself, such as {@code allow_other}
 * @param nonEmpty whether the mount point may have content that the mount then hides
 * @param autoUnmount whether a helper process unmounts when this process dies
 */
public record MountRequest(
    String mountPoint,
    String fsName,
    @Nullable String subtype,
    long flags,
    List<String> kernelOptions,
    boolean nonEmpty,
    boolean autoUnmount) {
  /** A mount with nothing special: nosuid, nodev, for the mounting user alone. */
  public static MountRequest plain(String mountPoint, String fsName) {
    long flags = MountFlags.NOSUID | MountFlags.NODEV;
    return new MountRequest(mountPoint, fsName, null, flags, List.of(), false, false);
  }

  /** The same mount elsewhere. */
  MountRequest at(String otherMountPoint) {
    return new MountRequest(
        otherMountPoint, fsName, subtype, flags, kernelOptions, nonEmpty, autoUnmount);
  }

  /** The type of the mount table. */
  String type() {
    return subtype == null ? "fuse" : "fuse." + subtype;
  }
}
