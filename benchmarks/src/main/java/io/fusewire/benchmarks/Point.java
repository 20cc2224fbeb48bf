package io.fusewire.benchmarks;

import java.util.ArrayList;
import java.util.List;

/**
 * One thing that is measured.
 *
 * @param workload a name that {@code native/client.c} knows
 * @param threads how many client threads do it at the same time
 */
record Point(String workload, int threads) {
  private static final List<String> SMALL = List.of("stat", "getattr", "read4k", "open-close");
  private static final List<String> LARGE = List.of("read1m", "write1m");
  private static final int[] THREADS = {1, 8, 32};

  /**
   * True when client and server share one CPU: with one thread, a round trip whose wake-ups cross
   * CPUs costs several times one that does not, and where they go is up to the scheduler.
   */
  boolean isPinned() {
    return threads == 1;
  }

  /** All points of the published table. */
  static List<Point> all() {
    List<Point> points = new ArrayList<>();
    for (String workload : SMALL) {
      addAll(points, workload);
    }
    for (String workload : LARGE) {
      addAll(points, workload);
    }
    return points;
  }

  /** The points of the comparison with other libraries, the most important ones first. */
  static List<Point> ofPeers() {
    List<Point> points = new ArrayList<>();
    for (String workload : List.of("stat", "getattr", "read4k", "open-close", "create-unlink")) {
      addAll(points, workload);
    }
    for (String workload : LARGE) {
      addAll(points, workload);
    }
    points.add(new Point("readdir", 1));
    points.add(new Point("mixed", THREADS[1]));
    points.add(new Point("interference", THREADS[1]));
    return points;
  }

  private static void addAll(List<Point> points, String workload) {
    for (int threads : THREADS) {
      points.add(new Point(workload, threads));
    }
  }

  /** Reads {@code stat:8}. */
  static Point parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new IllegalArgumentException("not WORKLOAD:THREADS: " + text);
    }
    return new Point(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
  }

  @Override
  public String toString() {
    return workload + ":" + threads;
  }
}
