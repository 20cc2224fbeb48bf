package io.fusewire.filesystems.passthrough;

import io.fusewire.raw.Timeouts;
import java.time.Duration;

/**
 * How a {@link PassthroughFileSystem} behaves.
 *
 * @param timeouts how long the kernel may use names and attributes without asking; the directory
 *     may change behind the mount, so keep it short
 * @param xattrs whether extended attributes and ACLs are passed through
 * @param kernelChecks the kernel checks permissions, modes and ACLs, and only ownership is left to
 *     us; without it every operation runs as its caller, and entries that the kernel caches are not
 *     checked again. Kernels without POSIX_ACL need the mount option default_permissions, too
 * @param forwardLocks whether locks are taken on the backing file too, so that others see them;
 *     otherwise they hold among the users of the mount
 * @param noatime whether reading leaves the backing times of access alone
 * @param descriptorsMax how many descriptors are kept open for nodes that are not open; 0 takes a
 *     quarter of the process's limit
 * @param backing whether the kernel reads, writes and maps the backing files itself, where it can
 *     (Linux 6.9, root); what it cannot is served as without. Needs {@code noatime} off: times of
 *     access are then the backing file system's own business
 */
public record PassthroughOptions(
    Timeouts timeouts,
    boolean xattrs,
    boolean kernelChecks,
    boolean forwardLocks,
    boolean noatime,
    int descriptorsMax,
    boolean backing) {
  /** Refuses what does not go together. */
  public PassthroughOptions {
    if (backing && noatime) {
      throw new IllegalArgumentException(
          "passthrough and noatime exclude each other: the kernel's own reads change access times;"
              + " leave one out, or mount the source with noatime");
    }
  }

  /** One second, with xattrs, checks in the kernel, locks within the mount, no backing files. */
  public static PassthroughOptions defaults() {
    return new PassthroughOptions(
        Timeouts.of(Duration.ofSeconds(1)), true, true, false, false, 0, false);
  }

  /** The same with other time-outs. */
  public PassthroughOptions withTimeouts(Timeouts times) {
    return new PassthroughOptions(
        times, xattrs, kernelChecks, forwardLocks, noatime, descriptorsMax, backing);
  }

  /** The same with or without extended attributes. */
  public PassthroughOptions withXattrs(boolean on) {
    return new PassthroughOptions(
        timeouts, on, kernelChecks, forwardLocks, noatime, descriptorsMax, backing);
  }

  /** The same with checks in the kernel, or as the caller. */
  public PassthroughOptions withKernelChecks(boolean on) {
    return new PassthroughOptions(
        timeouts, xattrs, on, forwardLocks, noatime, descriptorsMax, backing);
  }

  /** The same with or without locks on the backing file. */
  public PassthroughOptions withForwardLocks(boolean on) {
    return new PassthroughOptions(
        timeouts, xattrs, kernelChecks, on, noatime, descriptorsMax, backing);
  }

  /** The same with or without times of access. */
  public PassthroughOptions withNoatime(boolean on) {
    return new PassthroughOptions(
        timeouts, xattrs, kernelChecks, forwardLocks, on, descriptorsMax, backing);
  }

  /** The same with another number of descriptors. */
  public PassthroughOptions withDescriptorsMax(int descriptors) {
    return new PassthroughOptions(
        timeouts, xattrs, kernelChecks, forwardLocks, noatime, descriptors, backing);
  }

  /** The same with or without backing files in the kernel. */
  public PassthroughOptions withBacking(boolean on) {
    return new PassthroughOptions(
        timeouts, xattrs, kernelChecks, forwardLocks, noatime, descriptorsMax, on);
  }
}
