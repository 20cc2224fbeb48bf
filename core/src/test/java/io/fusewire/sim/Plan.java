package io.fusewire.sim;

import io.fusewire.dispatch.AdaptiveLimit;
import io.fusewire.dispatch.ClassSettings;
import io.fusewire.dispatch.Dispatch;
import io.fusewire.dispatch.Ordering;
import io.fusewire.session.MountOptions;
import io.fusewire.wire.Opcode;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * How the requests of a {@link Scenario} run. Times are virtual nanoseconds.
 *
 * @param adaptive the bounds of a limit that adapts, or null
 * @param stops what ends a request whose caller got a signal
 * @param hardNanos the hard deadline, or 0 for none
 * @param tickNanos how often the watchdog looks
 * @param changes how often the limits change while requests run
 * @param block percent of the handlers that keep their thread for a time
 * @param waits percent of the handlers that say that they wait for others
 * @param throttles percent of the handlers that say that their store asks for less
 */
record Plan(
    Dispatch dispatch,
    Ordering ordering,
    int maxInFlight,
    long maxInFlightBytes,
    int parkingSlots,
    int maxWaiting,
    @Nullable AdaptiveLimit adaptive,
    ClassSettings classes,
    Stops stops,
    long hardNanos,
    long tickNanos,
    int changes,
    int block,
    int waits,
    int throttles) {
  /**
   * What ends a request whose caller got a signal.
   *
   * @param usualNanos the grace time of most opcodes
   * @param special that of some
   * @param interruptible those whose thread is interrupted
   */
  record Stops(long usualNanos, Map<Opcode, Long> special, Set<Opcode> interruptible) {
    static Stops of(SplittableRandom random) {
      Map<Opcode, Long> special = new EnumMap<>(Opcode.class);
      Set<Opcode> interruptible = EnumSet.noneOf(Opcode.class);
      long usual = grace(random);
      int some = random.nextInt(3) * 20;
      for (Opcode opcode : Opcode.values()) {
        if (random.nextInt(100) < some) {
          special.put(opcode, grace(random));
        }
        if (random.nextInt(100) < some) {
          interruptible.add(opcode);
        }
      }
      return new Stops(usual, special, interruptible);
    }

    private static long grace(SplittableRandom random) {
      return random.nextInt(4) == 0 ? 0 : random.nextLong(3 * MILLI);
    }

    long graceNanos(Opcode opcode) {
      return special.getOrDefault(opcode, usualNanos);
    }

    LongStream all() {
      return LongStream.concat(
          LongStream.of(usualNanos), special.values().stream().mapToLong(Long::longValue));
    }
  }

  private static final List<Ordering> ORDERINGS = List.of(Ordering.values());
  private static final long MILLI = 1_000_000;
  private static final long TICK_MIN = 50_000;
  private static final long TICK_MAX = 500_000;
  private static final long BYTES = 256L << 20;

  /** Room for all that can come: then an INTERRUPT is read whatever handlers never answer. */
  private static final int PARKING_FOR_ALL = 4096;

  static Plan of(SplittableRandom random, int cpus, int slots) {
    Dispatch dispatch = dispatch(random);
    int most = random.nextInt(3) == 0 ? cpus - 1 + random.nextInt(3) : slots; // just at the load
    most = Math.max(most, Math.max(1, dispatch.workers()));
    Stops stops = Stops.of(random);
    long grace = stops.all().min().orElseThrow();
    long hard = random.nextInt(3) == 0 ? 0 : MILLI / 20 + random.nextLong(10 * MILLI);
    long shortest = hard == 0 ? grace : Math.min(grace, hard);
    boolean ordered = dispatch.mode() != Dispatch.Mode.INLINE;
    return new Plan(
        dispatch,
        ordered ? ORDERINGS.get(random.nextInt(ORDERINGS.size())) : Ordering.NONE,
        most,
        bytes(random),
        hard == 0 ? PARKING_FOR_ALL : 1 + random.nextInt(random.nextBoolean() ? 4 : 64),
        random.nextInt(3) == 0 ? 0 : random.nextInt(8),
        random.nextInt(3) == 0 ? adaptive(random) : null,
        new ClassSettings(share(random), share(random), share(random)),
        stops,
        hard,
        Math.clamp(shortest / 5, TICK_MIN, TICK_MAX),
        random.nextInt(3) == 0 ? random.nextInt(10) : 0,
        random.nextBoolean() ? 0 : random.nextInt(40),
        random.nextInt(20),
        random.nextBoolean() ? 0 : random.nextInt(10));
  }

  /** Many callers, few slots, and nothing special. */
  static Plan plain(int slots) {
    return new Plan(
        Dispatch.hybrid(),
        Ordering.NONE,
        slots,
        BYTES,
        PARKING_FOR_ALL,
        0,
        null,
        ClassSettings.DEFAULT,
        new Stops(MILLI, Map.of(), Set.of()),
        0,
        TICK_MAX,
        0,
        0,
        0,
        0);
  }

  private static Dispatch dispatch(SplittableRandom random) {
    return switch (random.nextInt(6)) {
      case 0 -> Dispatch.inline();
      case 1, 2 -> Dispatch.workers(random.nextInt(6));
      case 3 -> Dispatch.virtual();
      default -> Dispatch.hybrid();
    };
  }

  private static long bytes(SplittableRandom random) {
    return switch (random.nextInt(4)) {
      case 0 -> 1 + random.nextLong(20_000);
      case 1 -> 20_000 + random.nextLong(1_000_000);
      default -> BYTES;
    };
  }

  private static AdaptiveLimit adaptive(SplittableRandom random) {
    int least = 1 + random.nextInt(4);
    return AdaptiveLimit.between(least, least + random.nextInt(40));
  }

  private static ClassSettings.Share share(SplittableRandom random) {
    return new ClassSettings.Share(
        1 + random.nextInt(16), Duration.ofNanos(1 + random.nextLong(2 * MILLI)));
  }

  /** All slots for requests that the session has. */
  int slots() {
    return maxInFlight + parkingSlots + maxWaiting;
  }

  /** True when a request that may start by count may start at all. */
  boolean hasMemoryForAll() {
    return maxInFlightBytes == BYTES && changes == 0;
  }

  boolean isGated() {
    return dispatch.mode() != Dispatch.Mode.INLINE;
  }

  void apply(MountOptions options) {
    options
        .dispatch(dispatch)
        .ordering(ordering)
        .maxInFlight(maxInFlight)
        .maxInFlightBytes(maxInFlightBytes)
        .parkingSlots(parkingSlots)
        .maxWaiting(maxWaiting)
        .classes(classes)
        .interruptGrace(Duration.ofNanos(stops.usualNanos));
    stops.special.forEach(
        (opcode, nanos) -> options.interruptGrace(opcode, Duration.ofNanos(nanos)));
    if (adaptive != null) {
      options.adaptiveLimit(adaptive);
    }
    if (hardNanos > 0) {
      options.hardDeadline(Duration.ofNanos(hardNanos));
    }
  }
}
