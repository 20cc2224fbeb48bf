package io.fusewire.session;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.mount.FuseConnection;
import io.fusewire.schedule.ScheduleSettings.Limits;
import io.fusewire.schedule.Scheduler;
import io.fusewire.wire.Errno;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a mount that can be changed while it serves; what is in flight goes on. Safe for
 * all threads. The number of slots was fixed at the mount, so limits can be lowered, and raised
 * again up to what the mount began with.
 */
public final class LiveLimits {
  private final Scheduler scheduler;
  private final @Nullable FuseConnection connection;
  private final Limits first;

  LiveLimits(Scheduler scheduler, @Nullable FuseConnection connection) {
    this.scheduler = scheduler;
    this.connection = connection;
    this.first = scheduler.settings().limits(); // not those in force: they may be lower by now
  }

  /** Requests that may be in flight. */
  public int maxInFlight() {
    return scheduler.limits().requests();
  }

  /**
   * Changes {@link #maxInFlight}; the soft limit stays the same part of it.
   *
   * @throws IllegalArgumentException when it is not in the range from 1, or the number of workers,
   *     to what the mount began with
   */
  public synchronized void maxInFlight(int requests) {
    int least = Math.max(1, scheduler.settings().dispatch().workers());
    if (requests < least || requests > first.requests()) {
      throw new IllegalArgumentException(
          "max_in_flight is "
              + requests
              + ": write "
              + least
              + " to "
              + first.requests()
              + ", with which it was mounted");
    }
    Limits now = scheduler.limits();
    int soft = (int) part(requests, first.requestsSoft(), first.requests());
    scheduler.limits(
        new Limits(
            requests, soft, now.bytes(), now.bytesSoft(), now.parkingSlots(), now.waiting()));
  }

  /** From how many requests in flight on background data waits. */
  public int softInFlight() {
    return scheduler.limits().requestsSoft();
  }

  /** Bytes that may be in flight. */
  public long maxInFlightBytes() {
    return scheduler.limits().bytes();
  }

  /** Changes {@link #maxInFlightBytes}; the soft limit stays the same part of it. */
  public synchronized void maxInFlightBytes(long bytes) {
    Limits now = scheduler.limits();
    scheduler.limits(
        new Limits(
            now.requests(),
            now.requestsSoft(),
            bytes,
            part(bytes, first.bytesSoft(), first.bytes()),
            now.parkingSlots(),
            now.waiting()));
  }

  /** From how many bytes in flight on background data waits. */
  public long softInFlightBytes() {
    return scheduler.limits().bytesSoft();
  }

  /** As much of the limit as the soft limit was of the hard one; at least 1. */
  private static long part(long limit, long soft, long hard) {
    return Math.clamp((long) ((double) limit * soft / hard), 1, Math.max(1, limit));
  }

  /**
   * The kernel's limit of unanswered background requests.
   *
   * @throws LinuxException when the connection's control file cannot be read
   */
  public int maxBackground() throws LinuxException {
    return (int) read("max_background", control().maxBackground());
  }

  /**
   * Changes the kernel's limit of background requests, 1 to 65535.
   *
   * @throws LinuxException when the connection's control file cannot be written
   */
  public void maxBackground(int requests) throws LinuxException {
    read("max_background", control().maxBackground(positive("max_background", requests)));
  }

  /** From how many background requests on the kernel holds back. */
  public int congestionThreshold() throws LinuxException {
    return (int) read("congestion_threshold", control().congestionThreshold());
  }

  /** Changes from how many background requests on the kernel holds back, 1 to 65535. */
  public void congestionThreshold(int requests) throws LinuxException {
    read(
        "congestion_threshold",
        control().congestionThreshold(positive("congestion_threshold", requests)));
  }

  private static int positive(String name, int requests) {
    if (requests < 1 || requests > 0xffff) {
      throw new IllegalArgumentException(name + " is " + requests + ": write 1 to 65535");
    }
    return requests;
  }

  private FuseConnection control() throws LinuxException {
    if (connection == null) {
      throw new LinuxException("this session has no kernel connection whose limits could change");
    }
    return connection;
  }

  private static long read(String file, long result) throws LinuxException {
    if (result < 0) {
      throw new LinuxException(
          "/sys/fs/fuse/connections/*/" + file,
          (int) result,
          result == -Errno.ENOENT
              ? "The mount is gone, or fusectl is not mounted at /sys/fs/fuse/connections."
              : "Only the user who mounted and root may change it.");
    }
    return result;
  }
}
