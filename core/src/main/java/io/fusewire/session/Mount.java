package io.fusewire.session;

import io.fusewire.raw.Negotiation;
import java.io.IOException;
import java.time.Duration;

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
