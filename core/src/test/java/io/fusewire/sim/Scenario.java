package io.fusewire.sim;

import io.fusewire.transport.memory.KernelSettings;
import io.fusewire.transport.memory.RandomCalls;
import java.util.SplittableRandom;

/**
 * A session to play, all of it drawn from a seed.
 *
 * @param slots how many requests the server may hold
 * @param maxBackground how many of the kernel's own requests the server may see
 * @param ending how it ends
 */
record Scenario(
    long seed,
    KernelSettings kernel,
    RandomCalls.Mix mix,
    Behaviour behaviour,
    int slots,
    int maxBackground,
    Ending ending) {
  /** How a session ends. */
  enum Ending {
    /** Calls end, all is forgotten, unmount. */
    UNMOUNT,
    /** The server closes while nothing is left to do. */
    CLOSE,
    /** The connection is aborted in the middle; what the server has runs on. */
    ABORT,
    /** The connection is aborted in the middle, and the server closes before its handlers end. */
    ABORT_AND_CLOSE
  }

  private static final int CALLS_MAX = 160;

  static Scenario of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int cpus = 1 << random.nextInt(6);
    int slots = 2 + random.nextInt(random.nextBoolean() ? 4 : 40);
    RandomCalls.Mix mix =
        new RandomCalls.Mix(
            cpus,
            Math.max(4, CALLS_MAX / cpus),
            random.nextLong(200_000),
            random.nextInt(30),
            1 + random.nextLong(300_000),
            random.nextInt(30),
            random.nextInt(50),
            random.nextInt(3) * 5);
    return new Scenario(
        seed,
        KernelSettings.newest().withReaders(1 + random.nextInt(4)).withMinor(minor(random)),
        mix,
        behaviour(random, slots),
        slots,
        1 + random.nextInt(20),
        Ending.values()[random.nextInt(Ending.values().length)]);
  }

  /** Many callers, few slots, and every call ends. */
  static Scenario manyCpus(long seed, int cpus, int slots) {
    Behaviour behaviour = new Behaviour(30, 50, 100_000, 5, slots - 1, 5, 5, 5, true);
    RandomCalls.Mix mix = new RandomCalls.Mix(cpus, 8, 50_000, 10, 500_000, 10, 20, 2);
    KernelSettings kernel = KernelSettings.newest().withReaders(4);
    return new Scenario(seed, kernel, mix, behaviour, slots, 64, Ending.UNMOUNT);
  }

  private static int minor(SplittableRandom random) {
    return random.nextInt(4) == 0 ? 31 : 45;
  }

  private static Behaviour behaviour(SplittableRandom random, int slots) {
    boolean isPolite = random.nextInt(4) > 0;
    return new Behaviour(
        random.nextInt(101),
        random.nextInt(101),
        random.nextLong(2_000_000),
        random.nextInt(10),
        random.nextInt(slots), // one slot stays free, or INTERRUPT could not come in
        random.nextInt(10),
        random.nextInt(10),
        random.nextInt(10),
        isPolite);
  }

  /** True when every call can end. */
  boolean everyCallEnds() {
    return behaviour.honoursInterrupts() || behaviour.neverMax() == 0 || behaviour.never() == 0;
  }
}
