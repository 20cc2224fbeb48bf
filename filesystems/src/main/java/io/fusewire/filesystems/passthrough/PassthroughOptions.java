package io.fusewire.filesystems.passthrough;

import io.fusewire.raw.Timeouts;
import java.time.Duration;

/**
 * How a {@link PassthroughFileSystem} behaves.
 *
 * @param timeouts how long the kernel may use names and attributes without asking; the directory
 *     may change behind the mount, so keep it short
 * @param xattrs whether extended attributes and ACLs are passed through
 * @param kernelChecks the mount has default_permissions, so the kernel checks permissions and only
 *     ownership is left to us; without it every operation runs as its caller
 * @param forwardLocks whether locks are taken on the backing file too, so that others see them;
 *     otherwise they hold among the users of the mount
 * @param descriptorsMax how many descriptors are kept open for nodes that are not open; 0 takes a
 *     quarter of the process's limit
 */
public record PassthroughOptions(
    Timeouts timeouts,
    boolean xattrs,
    boolean kernelChecks,
    boolean forwardLocks,
    int descriptorsMax) {
  /** One second, with xattrs, checking as the caller, locks within the mount. */
  public static PassthroughOptions defaults() {
    return new PassthroughOptions(Timeouts.of(Duration.ofSeconds(1)), true, false, false, 0);
  }

  /** The same with other time-outs. */
  public PassthroughOptions withTimeouts(Timeouts times) {
    return new PassthroughOptions(times, xattrs, kernelChecks, forwardLocks, descriptorsMax);
  }

  /** The same with or without extended attributes. */
  public PassthroughOptions withXattrs(boolean on) {
    return new PassthroughOptions(timeouts, on, kernelChecks, forwardLocks, descriptorsMax);
  }

  /** The same for a mount with default_permissions. */
  public PassthroughOptions withKernelChecks(boolean on) {
    return new PassthroughOptions(timeouts, xattrs, on, forwardLocks, descriptorsMax);
  }

  /** The same with or without locks on the backing file. */
  public PassthroughOptions withForwardLocks(boolean on) {
    return new PassthroughOptions(timeouts, xattrs, kernelChecks, on, descriptorsMax);
  }

  /** The same with another number of descriptors. */
  public PassthroughOptions withDescriptorsMax(int descriptors) {
    return new PassthroughOptions(timeouts, xattrs, kernelChecks, forwardLocks, descriptors);
  }
}
