package io.fusewire.session;

import io.fusewire.dispatch.InFlightRequest;
import io.fusewire.metrics.MetricsSnapshot;
import io.fusewire.raw.Negotiation;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * A mounted file system. All methods may be called from any thread, also several times, but not
 * from a handler of the same mount, which would wait for itself.
 */
public interface Mount extends AutoCloseable {
  /** Where a mount is in its life. */
  enum State {
    /** Requests are served. */
    SERVING,
    /** It is being unmounted; requests are still served. */
    CLOSING,
    /** It is over: no thread, descriptor or memory of it is left, and destroy() was called. */
    CLOSED
  }

  /** Where it is mounted, as an absolute path. */
  String mountPoint();

  /** Where it is in its life. */
  State state();

  /** What was asked of the kernel, offered and granted. */
  Negotiation negotiation();

  /** How its requests come in, for people: {@code /dev/fuse}, or io_uring and its size. */
  String transport();

  /** Whether the kernel reads and writes files itself, and what stands against it. */
  BackingState backing();

  /** What the mount has done so far and does now. For any thread; cheap enough for every second. */
  MetricsSnapshot metrics();

  /**
   * The requests that are not answered after this time, the oldest first, with the stacks of their
   * handlers.
   */
  List<InFlightRequest> inFlight(Duration olderThan);

  /** The limits of this mount, to be looked at and changed while it serves. */
  LiveLimits limits();

  /**
   * Does once what the mount's watchdog does from time to time: ends what is over its deadline or
   * its grace time, and reports. Only for mounts with {@link MountOptions#manualClock}; one thread
   * at a time.
   *
   * @throws IllegalStateException when the mount has a watchdog of its own
   */
  void tick();

  /**
   * Unmounts as umount(8) does and waits for the end. A mount in use goes on serving.
   *
   * @throws io.fusewire.linux.ffi.LinuxException with EBUSY while it is in use
   */
  void unmount() throws IOException;

  /** Waits until the mount is closed, by whomever. */
  void join() throws InterruptedException;

  /**
   * Waits until the mount is closed.
   *
   * @return false when it is not after this time
   */
  boolean join(Duration time) throws InterruptedException;

  /**
   * Ends the mount whatever holds it: unmounts, waits for running requests, unmounts lazily, and
   * aborts what then still hangs. Takes at most {@link MountOptions#closeTimeout} for each of these
   * steps. Does nothing when it is closed already.
   */
  @Override
  void close();
}
