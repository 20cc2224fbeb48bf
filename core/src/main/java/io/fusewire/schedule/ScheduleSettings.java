package io.fusewire.schedule;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.dispatch.ClassSettings;
import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Operations;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the requests of one mount are scheduled. Checked when made; immutable.
 *
 * @param dispatch where handlers run
 * @param limits how much may be in flight
 * @param ordering which requests keep their order
 * @param classes how the classes share
 * @param adaptive the bounds of a limit that adapts, or null for a fixed one
 * @param times when the library steps in
 */
public record ScheduleSettings(
    Dispatch dispatch,
    Limits limits,
    Ordering ordering,
    ClassSettings classes,
    @Nullable AdaptiveLimit adaptive,
    Times times) {

  /**
   * How much may be in flight.
   *
   * @param requests queued and running, at most
   * @param requestsSoft from here on background data waits
   * @param bytes of requests and reserved replies, at most
   * @param bytesSoft from here on background data waits
   * @param parkingSlots requests that are read beyond that, so that what follows them is seen
   * @param waiting requests that wait by design for others, at most
   */
  public record Limits(
      int requests, int requestsSoft, long bytes, long bytesSoft, int parkingSlots, int waiting) {
    /** The largest number of requests, parking slots, or requests that wait. */
    public static final int REQUESTS_MAX = 1 << 20;

    /** 1024 requests and 256 MiB. */
    public static final Limits DEFAULT = new Limits(1024, 768, 256L << 20, 192L << 20, 64, 1024);

    /** Checks the ranges. */
    public Limits {
      atLeast("max_in_flight", requests, 1);
      atLeast("soft_in_flight", requestsSoft, 1);
      atLeast("max_in_flight_bytes", bytes, 1);
      atLeast("soft_in_flight_bytes", bytesSoft, 1);
      atLeast("parking_slots", parkingSlots, 1);
      atLeast("max_waiting", waiting, 0);
      notAbove("max_in_flight", requests, "the most there can be", REQUESTS_MAX);
      notAbove("parking_slots", parkingSlots, "the most there can be", REQUESTS_MAX);
      notAbove("max_waiting", waiting, "the most there can be", REQUESTS_MAX);
      notAbove("soft_in_flight", requestsSoft, "max_in_flight", requests);
      notAbove("soft_in_flight_bytes", bytesSoft, "max_in_flight_bytes", bytes);
    }

    private static void atLeast(String name, long value, long least) {
      if (value < least) {
        throw new IllegalArgumentException(name + " is " + value + ": write " + least + " or more");
      }
    }

    private static void notAbove(String soft, long softValue, String hard, long hardValue) {
      if (softValue > hardValue) {
        throw new IllegalArgumentException(
            soft
                + " ("
                + softValue
                + ") is above "
                + hard
                + " ("
                + hardValue
                + "): write at most "
                + hardValue);
      }
    }

    /** Slots that a session needs for this much. */
    public int slots() {
      return Math.addExact(Math.addExact(requests, parkingSlots), waiting);
    }
  }

  /**
   * When the library steps in.
   *
   * @param grace after an interrupt, until EINTR is answered in the handler's place, by opcode
   * @param soft age at which a request is reported, or null
   * @param hard age at which ETIMEDOUT is answered in the handler's place, or null
   * @param inline age at which a handler on a reading thread is reported
   */
  public record Times(
      Grace grace, @Nullable Duration soft, @Nullable Duration hard, Duration inline) {
    /** A second of grace, no deadlines, a quarter of a second inline. */
    public static final Times DEFAULT =
        new Times(new Grace(Duration.ofSeconds(1), Map.of()), null, null, Duration.ofMillis(250));

    /** Checks the ranges. */
    public Times {
      positive("soft_deadline", soft);
      positive("hard_deadline", hard);
      positive("inline_limit", inline);
      if (soft != null && hard != null && soft.compareTo(hard) > 0) {
        throw new IllegalArgumentException(
            "soft_deadline ("
                + soft.toMillis()
                + " ms) is above hard_deadline ("
                + hard.toMillis()
                + " ms): write the smaller one as soft_deadline");
      }
    }

    private static void positive(String name, @Nullable Duration time) {
      if (time != null && !time.isPositive()) {
        throw new IllegalArgumentException(name + " is " + time + ": write more than 0");
      }
    }
  }

  /** What a mount has unless it says otherwise. */
  public static final ScheduleSettings DEFAULT =
      new ScheduleSettings(
          Dispatch.hybrid(),
          Limits.DEFAULT,
          Ordering.NONE,
          ClassSettings.DEFAULT,
          null,
          Times.DEFAULT);

  /** Checks what belongs together. */
  public ScheduleSettings {
    if (dispatch.mode() == Dispatch.Mode.WORKERS && limits.requests() < dispatch.workers()) {
      throw new IllegalArgumentException(
          "max_in_flight ("
              + limits.requests()
              + ") is below workers ("
              + dispatch.workers()
              + "), so that some could never run: write max_in_flight="
              + dispatch.workers()
              + " or more");
    }
    if (ordering != Ordering.NONE && dispatch.mode() == Dispatch.Mode.INLINE) {
      throw new IllegalArgumentException(
          "order needs handlers that can wait for their turn: write workers=2 or more, or"
              + " dispatch=virtual or hybrid");
    }
  }

  /** Where the handler of an opcode runs under this dispatch, given what its file system says. */
  public Execution execution(RawFileSystem fileSystem, Opcode opcode) {
    if (opcode.hasNoReply()) {
      return Execution.INLINE;
    }
    Execution declared = fileSystem.execution(opcode);
    return switch (dispatch.mode()) {
      case INLINE -> Execution.INLINE;
      case HYBRID -> declared;
      case VIRTUAL -> {
        if (declared == Execution.PLATFORM) {
          throw new IllegalArgumentException(
              "this file system sits in system calls ("
                  + opcode
                  + " is declared PLATFORM), where"
                  + " a virtual thread would block others: write workers=8 or dispatch=hybrid");
        }
        yield Execution.VIRTUAL;
      }
      case WORKERS ->
          declared != Execution.PLATFORM && fileSystem.waits(opcode)
              ? Execution.VIRTUAL
              : Execution.PLATFORM;
    };
  }

  /** True when some operation of this file system runs on platform threads. */
  public boolean needsPlatformThreads(RawFileSystem fileSystem) {
    return Operations.all().stream()
        .anyMatch(each -> execution(fileSystem, each.opcode()) == Execution.PLATFORM);
  }
}
