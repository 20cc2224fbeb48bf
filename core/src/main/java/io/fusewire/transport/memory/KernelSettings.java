package io.fusewire.transport.memory;

import io.fusewire.wire.ProtocolVersion;
import io.fusewire.wire.flag.InitFlags;

/**
 * The kernel to play.
 *
 * @param minor of the protocol it speaks
 * @param capabilities what it offers in INIT
 * @param maxReadahead in bytes
 * @param readers how many reads of the device go on at once, as many threads would have them
 * @param readNanosMax how long a read takes at most, in virtual nanoseconds
 */
public record KernelSettings(
    int minor, long capabilities, int maxReadahead, int readers, long readNanosMax) {
  private static final int READAHEAD_BYTES = 128 * 1024;
  private static final int READERS = 2;
  private static final long READ_NANOS = 5_000;

  /** What Linux 6.18 offers, less what only other kinds of connections use. */
  private static final long LINUX_6_18 = 0x7fd_73ff_fffbL & ~InitFlags.OVER_IO_URING;

  /** A kernel as new as the library. */
  public static KernelSettings newest() {
    return new KernelSettings(
        ProtocolVersion.OURS.minor(), LINUX_6_18, READAHEAD_BYTES, READERS, READ_NANOS);
  }

  /** The same with so many reads of the device at once. */
  public KernelSettings withReaders(int count) {
    return new KernelSettings(minor, capabilities, maxReadahead, count, readNanosMax);
  }

  /** The same offering only these INIT capabilities. */
  public KernelSettings withCapabilities(long flags) {
    return new KernelSettings(minor, flags, maxReadahead, readers, readNanosMax);
  }

  /** The same speaking this minor version. */
  public KernelSettings withMinor(int version) {
    return new KernelSettings(version, capabilities, maxReadahead, readers, readNanosMax);
  }
}
