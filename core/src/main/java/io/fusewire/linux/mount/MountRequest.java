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
    boolean autoUnmount) {}
