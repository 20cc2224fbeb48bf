package io.fusewire.linux.sys;

import io.fusewire.wire.struct.BackingMap;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The ioctls of {@code /dev/fuse} on backing files. Their numbers hold for x86-64 and arm64: both
 * encode direction, size, type 229 and number as the kernel's generic macros do.
 */
public final class FuseIoctl {
  /** {@code FUSE_DEV_IOC_BACKING_OPEN}: takes a {@code fuse_backing_map}, gives an id. */
  static final long BACKING_OPEN = 0x4010e501L;

  /** {@code FUSE_DEV_IOC_BACKING_CLOSE}: takes an id. */
  static final long BACKING_CLOSE = 0x4004e502L;

  /** Bytes that {@link #openBacking} and {@link #closeBacking} need for their argument. */
  public static final long ARGUMENT_BYTES = BackingMap.STRUCT.size();

  private FuseIoctl() {}

  /**
   * Registers a file with a connection that has negotiated passthrough. The kernel keeps what the
   * descriptor is open on, and the credentials of the calling thread, with which it works there.
   *
   * @param device a descriptor of {@code /dev/fuse}
   * @param descriptor of the file
   * @param argument memory of {@link #ARGUMENT_BYTES}, aligned to 8, for this call
   * @return an id above 0, or a negative errno
   */
  public static int openBacking(int device, int descriptor, MemorySegment argument) {
    argument.fill((byte) 0);
    BackingMap.FD.set(argument, 0, descriptor);
    return FileCalls.ioctl(device, BACKING_OPEN, argument.address());
  }

  /**
   * Gives an id back; files that are open with it stay open.
   *
   * @param argument memory of {@link #ARGUMENT_BYTES}, aligned to 8, for this call
   * @return 0, or a negative errno
   */
  public static int closeBacking(int device, int id, MemorySegment argument) {
    argument.set(ValueLayout.JAVA_INT, 0, id);
    return FileCalls.ioctl(device, BACKING_CLOSE, argument.address());
  }
}
