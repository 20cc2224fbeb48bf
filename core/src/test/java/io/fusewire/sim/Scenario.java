package io.fusewire.sim;

import io.fusewire.transport.memory.KernelSettings;
import io.fusewire.transport.memory.RandomCalls;
import java.util.SplittableRandom;

/**
 * A session to play, all of it drawn from a seed.
 *
 * @param plan how its requests run
 * @param maxBackground how many of the kernel's own requests the server may see
 * @param ending how it ends
 */
record Scenario(
    long seed,
    KernelSettings kernel,
    RandomCalls.Mix mix,
    Behaviour behaviour,
    Plan plan,
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
  private static final int NEVER_MAX = 64;

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
    Plan plan = Plan.of(random, cpus, slots);
    return new Scenario(
        seed,
        KernelSettings.newest().withReaders(1 + random.nextInt(4)).withMinor(minor(random)),
        mix,
        behaviour(random, plan),
        plan,
        1 + random.nextInt(20),
        Ending.values()[random.nextInt(Ending.values().length)]);
  }

  /** Many callers, few slots, and every call ends. */
  static Scenario manyCpus(long seed, int cpus, int slots) {
    Behaviour behaviour = new Behaviour(30, 50, 100_000, 5, slots / 2, 5, 5, 5, true);
    RandomCalls.Mix mix = new RandomCalls.Mix(cpus, 8, 50_000, 10, 500_000, 10, 20, 2);
    KernelSettings kernel = KernelSettings.newest().withReaders(4);
    return new Scenario(seed, kernel, mix, behaviour, Plan.plain(slots), 64, Ending.UNMOUNT);
  }

  private static int minor(SplittableRandom random) {
    return random.nextInt(4) == 0 ? 31 : 45;
  }

  private static Behaviour behaviour(SplittableRandom random, Plan plan) {
    boolean isPolite = random.nextInt(4) > 0;
    return new Behaviour(
        random.nextInt(101),
        random.nextInt(101),
        random.nextLong(2_000_000),
        random.nextInt(10),
        random.nextInt(Math.min(plan.slots(), NEVER_MAX)), // the pool has twice as many
        random.nextInt(10),
        random.nextInt(10),
        random.nextInt(10),
        isPolite);
  }
}
