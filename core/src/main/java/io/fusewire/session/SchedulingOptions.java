package io.fusewire.session;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.dispatch.ClassSettings;
import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.metrics.RequestTracer;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.RequestClass;
import io.fusewire.schedule.Grace;
import io.fusewire.schedule.ScheduleSettings;
import io.fusewire.schedule.ScheduleSettings.Limits;
import io.fusewire.schedule.ScheduleSettings.Times;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of the mount options that says how requests run: see docs/guide/dispatch.md. Settings
 * that do not go together fail when the file system is mounted, with what to write instead.
 *
 * @param <T> the options themselves, for calls in a row
 */
public abstract sealed class SchedulingOptions<T extends SchedulingOptions<T>>
    permits MountOptions {
  private static final long SOFT_UNSET = -1;

  private Dispatch dispatch = ScheduleSettings.DEFAULT.dispatch();
  private int requests = Limits.DEFAULT.requests();
  private long requestsSoft = SOFT_UNSET;
  private long bytes = Limits.DEFAULT.bytes();
  private long bytesSoft = SOFT_UNSET;
  private int parkingSlots = Limits.DEFAULT.parkingSlots();
  private int waiting = Limits.DEFAULT.waiting();
  private Ordering ordering = ScheduleSettings.DEFAULT.ordering();
  private ClassSettings classes = ClassSettings.DEFAULT;
  private @Nullable AdaptiveLimit adaptive;
  private Duration grace = Times.DEFAULT.grace().usual();
  private final Map<Opcode, Duration> specialGrace = new EnumMap<>(Opcode.class);
  private @Nullable Duration softDeadline;
  private @Nullable Duration hardDeadline;
  private Duration inlineLimit = Times.DEFAULT.inline();

  @Nullable RequestTracer tracer;
  @Nullable Duration metricsInterval;
  @Nullable LongSupplier clock;

  SchedulingOptions() {}

  abstract T self();

  /** Where handlers run; {@link Dispatch#hybrid} unless said otherwise. */
  public T dispatch(Dispatch where) {
    dispatch = where;
    return self();
  }

  /** At most so many handlers at a time, on threads of their own; 0 and 1 run them inline. */
  public T workers(int count) {
    return dispatch(Dispatch.workers(count));
  }

  /** Requests that may be in flight, queued and running; what comes then is parked. */
  public T maxInFlight(int count) {
    atLeastOne("max_in_flight", count);
    requests = count;
    return self();
  }

  /** From so many requests in flight on background data waits; three quarters of the maximum. */
  public T softInFlight(int count) {
    atLeastOne("soft_in_flight", count);
    requestsSoft = count;
    return self();
  }

  /** Bytes of requests and reserved replies that may be in flight; what comes then is parked. */
  public T maxInFlightBytes(long count) {
    atLeastOne("max_in_flight_bytes", count);
    bytes = count;
    return self();
  }

  /** From so many bytes in flight on background data waits; three quarters of the maximum. */
  public T softInFlightBytes(long count) {
    atLeastOne("soft_in_flight_bytes", count);
    bytesSoft = count;
    return self();
  }

  /**
   * Requests that are read beyond the limits and not started, so that an INTERRUPT or FORGET behind
   * them is seen; when these are taken too, nothing is read.
   */
  public T parkingSlots(int count) {
    atLeastOne("parking_slots", count);
    parkingSlots = count;
    return self();
  }

  /** Requests that may wait by design for others, as locks do, and take no place in flight. */
  public T maxWaiting(int count) {
    waiting = count;
    return self();
  }

  /** Which requests run in the order in which they came; none unless said otherwise. */
  public T ordering(Ordering which) {
    ordering = which;
    return self();
  }

  /** How the classes of requests share what runs while some must wait. */
  public T classes(ClassSettings shares) {
    classes = shares;
    return self();
  }

  /** Lets the number of running requests adapt to the store behind the file system. */
  public T adaptiveLimit(AdaptiveLimit bounds) {
    adaptive = bounds;
    return self();
  }

  /**
   * How long a handler may go on after its caller got a signal; then the library answers EINTR in
   * its place, and takes back what a later answer gives. One second unless said otherwise.
   */
  public T interruptGrace(Duration time) {
    grace = time;
    return self();
  }

  /** The same for one opcode. */
  public T interruptGrace(Opcode opcode, Duration time) {
    specialGrace.put(opcode, time);
    return self();
  }

  /** The age at which a request is reported in the log, with the stack of its handler. */
  public T softDeadline(Duration age) {
    softDeadline = age;
    return self();
  }

  /** The age at which the library answers a request with ETIMEDOUT in its handler's place. */
  public T hardDeadline(Duration age) {
    hardDeadline = age;
    return self();
  }

  /** The age at which a handler that runs inline is reported for blocking its reading thread. */
  public T inlineLimit(Duration age) {
    inlineLimit = age;
    return self();
  }

  /** Follows every request from its arrival to its answer. */
  public T tracer(RequestTracer with) {
    tracer = with;
    return self();
  }

  /** Logs one line of figures so often, at level INFO. */
  public T logMetrics(Duration every) {
    if (!every.isPositive()) {
      throw new IllegalArgumentException("log_metrics is " + every + ": write more than 0");
    }
    metricsInterval = every;
    return self();
  }

  /**
   * Takes the time from here, and leaves what the mount's watchdog does to {@link Mount#tick}. For
   * tests that own the time.
   */
  public T manualClock(LongSupplier nanos) {
    clock = nanos;
    return self();
  }

  private static void atLeastOne(String name, long count) {
    if (count < 1) {
      throw new IllegalArgumentException(
          name + " is " + (count < 0 ? "negative: " : "") + count + "; write 1 or more");
    }
  }

  /** As text: {@code inline}, {@code virtual} or {@code hybrid}. */
  static Dispatch dispatchNamed(String name) {
    return switch (name) {
      case "inline" -> Dispatch.inline();
      case "virtual" -> Dispatch.virtual();
      case "hybrid" -> Dispatch.hybrid();
      default ->
          throw new IllegalArgumentException(
              "unknown dispatch \"" + name + "\": write inline, virtual, hybrid or workers=N");
    };
  }

  /** As text: {@code none}, {@code nodes} or {@code nodes_and_names}. */
  static Ordering orderingNamed(String name) {
    for (Ordering each : Ordering.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "unknown order \"" + name + "\": write none, nodes or nodes_and_names");
  }

  /** As text: {@code metadata:8/foreground:4/background:1}, any of them. */
  T classWeights(String text) {
    Map<RequestClass, Integer> weights = new EnumMap<>(RequestClass.class);
    for (String part : text.split("/", -1)) {
      String[] pair = part.split(":", -1);
      RequestClass of = classNamed(pair[0]);
      weights.put(of, weight(pair));
    }
    return classes(
        new ClassSettings(
            weighted(RequestClass.METADATA, weights),
            weighted(RequestClass.FOREGROUND, weights),
            weighted(RequestClass.BACKGROUND, weights)));
  }

  private static int weight(String[] pair) {
    try {
      int weight = Integer.parseInt(pair.length == 2 ? pair[1] : "");
      if (weight >= 1 && weight <= ClassSettings.WEIGHT_MAX) {
        return weight;
      }
    } catch (NumberFormatException e) { // said below
    }
    throw new IllegalArgumentException(
        "the weight of class "
            + pair[0]
            + " needs a number from 1 to "
            + ClassSettings.WEIGHT_MAX
            + ": write "
            + pair[0]
            + ":4");
  }

  private ClassSettings.Share weighted(RequestClass of, Map<RequestClass, Integer> weights) {
    ClassSettings.Share share = classes.of(of);
    return new ClassSettings.Share(weights.getOrDefault(of, share.weight()), share.target());
  }

  private static RequestClass classNamed(String name) {
    return Arrays.stream(RequestClass.values())
        .filter(each -> each != RequestClass.CONTROL)
        .filter(each -> each.name().toLowerCase(Locale.ROOT).equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown class \"" + name + "\": write metadata, foreground or background"));
  }

  /** What the mount asks for, before the file system's init lowers it. */
  void proposeConcurrency(Negotiation negotiation) {
    negotiation.concurrency(dispatch.workers(), requests);
  }

  /**
   * All of it, checked.
   *
   * @param lowered what the file system's init made of it, or null before that
   * @param kernelTimeout after which the kernel ends the whole connection, or null
   * @throws IllegalArgumentException naming what does not go together, and what to write instead
   */
  ScheduleSettings schedule(@Nullable Negotiation lowered, @Nullable Duration kernelTimeout) {
    int most = lowered == null ? requests : Math.min(requests, lowered.maxInFlight());
    Dispatch where = dispatch;
    if (lowered != null && dispatch.mode() == Dispatch.Mode.WORKERS) {
      where = Dispatch.workers(lowered.workers());
    }
    long soft = requestsSoft == SOFT_UNSET ? Math.max(1, most - most / 4) : requestsSoft;
    Limits limits =
        new Limits(
            most,
            (int) (lowered == null ? soft : Math.min(soft, most)),
            bytes,
            bytesSoft == SOFT_UNSET ? Math.max(1, bytes - bytes / 4) : bytesSoft,
            parkingSlots,
            waiting);
    Times times =
        new Times(
            new Grace(grace, specialGrace), softDeadline, earlier(kernelTimeout), inlineLimit);
    return new ScheduleSettings(where, limits, ordering, classes, adaptive, times);
  }

  private @Nullable Duration earlier(@Nullable Duration kernelTimeout) {
    if (kernelTimeout == null) {
      return hardDeadline;
    }
    boolean kernelFirst = hardDeadline == null || kernelTimeout.compareTo(hardDeadline) < 0;
    return kernelFirst ? kernelTimeout : hardDeadline;
  }
}
