package io.fusewire.benchmarks;

import java.util.List;

/**
 * A server that is compared.
 *
 * @param name what the command line and the data call it
 * @param peer which program it runs; a peer that cannot be had is left out by this name
 * @param label what the tables call it
 * @param kind what it is to the comparison
 * @param ring whether its requests come through io_uring
 * @param launch how it is started
 */
record Variant(String name, String peer, String label, Kind kind, boolean ring, Launch launch) {
  /** What a server is to the comparison. */
  enum Kind {
    /** Plain C: the fastest of these on the same transport is the floor. */
    FLOOR,

    /** Fusewire. */
    OURS,

    /** Somebody else's library, asked for the same capabilities as far as it lets itself be. */
    PEER,

    /** Somebody else's library with what it does by itself. */
    SHIPPED
  }

  /**
   * A command line around the mount point.
   *
   * @param before what stands before the mount point
   * @param after what stands behind it
   */
  record Command(List<String> before, List<String> after) {}

  /** How a server is started. */
  @FunctionalInterface
  interface Launch {
    Command command(Settings settings, Settings.Places places);
  }

  /** One thread in C. */
  static final Variant ONE_READER = floor("c-1", "C, 1 reader");

  /** Two threads in C, both reading. */
  static final Variant TWO_READERS = floor("c-2", "C, 2 readers", "--readers", "2");

  /** Two threads in C, of which one reads while requests are cheap. */
  static final Variant READING_DUTY =
      floor("c-duty", "C, reading duty", "--readers", "2", "--duty");

  /** The null file system on the raw API, with the settings a user gets. */
  static final Variant FUSEWIRE = ours("fusewire", "Fusewire", false);

  /** The servers of the comparison with the floor. */
  static List<Variant> ofTheFloor() {
    return List.of(ONE_READER, TWO_READERS, READING_DUTY, FUSEWIRE);
  }

  private static Variant floor(String name, String label, String... options) {
    return new Variant(
        name,
        "c",
        label,
        Kind.FLOOR,
        false,
        (settings, places) ->
            Launches.program(places.nativeProgram("floor"), "--control", options));
  }

  /** Fusewire with these mount options. */
  static Variant ours(String name, String label, boolean ring, String... options) {
    return new Variant(
        name,
        "fusewire",
        label,
        Kind.OURS,
        ring,
        (settings, places) -> Launches.fusewire(settings, options));
  }

  boolean isFloor() {
    return kind == Kind.FLOOR;
  }

  boolean isOurs() {
    return kind == Kind.OURS;
  }

  @Override
  public String toString() {
    return name;
  }
}
