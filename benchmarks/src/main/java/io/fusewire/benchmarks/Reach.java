package io.fusewire.benchmarks;

import io.fusewire.benchmarks.Goal.Figure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What Fusewire wants to reach, and a table of how it went. */
final class Reach {
  private static final List<Variant> C_DEVICE =
      List.of(Variant.ONE_READER, Variant.TWO_READERS, Variant.READING_DUTY);
  private static final List<Variant> C_RING = List.of(Peers.RING);
  private static final List<Variant> C_ANY =
      List.of(Variant.ONE_READER, Variant.TWO_READERS, Variant.READING_DUTY, Peers.RING);
  private static final List<Variant> DEVICE = List.of(Variant.FUSEWIRE);
  private static final List<Variant> RING = List.of(Peers.OUR_RING);
  private static final List<Variant> BEST = List.of(Variant.FUSEWIRE, Peers.OUR_RING);
  private static final List<Variant> FUSER = List.of(Peers.FUSER_1, Peers.FUSER_2);
  private static final List<Variant> RFUSE3_ROOT =
      List.of(Peers.RFUSE3_ROOT, Peers.RFUSE3_ROOT_WORKERS);
  private static final List<Variant> RFUSE3_USER =
      List.of(Peers.RFUSE3_USER, Peers.RFUSE3_USER_WORKERS);
  private static final List<String> SMALL = List.of("stat", "getattr", "read4k");
  private static final double PEAK_MEBIBYTES = 150;
  private static final double PEAK_KIBIBYTES = PEAK_MEBIBYTES * 1024;

  private final Map<Point, Results.Rows> points;
  private final long seed;
  private final Map<String, Goal> goals = new LinkedHashMap<>();

  Reach(Results results, long seed) {
    this.points = results.measured();
    this.seed = seed;
  }

  /** Adds the table. */
  void addTo(Markdown text) {
    text.title("What was to be reached");
    text.line("A goal is met when the whole interval is on its side. Beside a goal that compares");
    text.line(
        "with a library stands the ratio of the fastest plain C in the same rows; where even");
    text.line("that misses the goal, " + Goal.SHARE_OF_RAW_C + " of plain C is enough.");
    text.line("");
    text.header(
        "goal", "point", "of", "to", "wanted", "ratio (interval)", "plain C", "rows", "result");
    points.forEach((point, rows) -> row(text, point, rows));
    text.line("");
    memory(text);
  }

  private void row(Markdown text, Point point, Results.Rows rows) {
    goals.clear();
    onDevice();
    onRing(point);
    libraries(point);
    goals.values().forEach(goal -> row(text, point, goal, goal.outcome(rows, seed)));
  }

  private static void row(Markdown text, Point point, Goal goal, Optional<Goal.Outcome> possible) {
    if (possible.isEmpty()) {
      return;
    }
    Goal.Outcome outcome = possible.get();
    text.row(
        goal.text(),
        point.toString(),
        outcome.ours().label() + ", " + goal.figure().label(),
        outcome.theirs().label(),
        goal.wanted(),
        Markdown.ratio(outcome.ratio(), outcome.interval()),
        outcome.rawC().map(ratio -> String.format(Locale.ROOT, "%.2f", ratio)).orElse(""),
        Integer.toString(outcome.rows()),
        goal.verdict(outcome));
  }

  private void add(Goal goal) {
    goals.put(goal.text() + goal.figure(), goal);
  }

  private void onDevice() {
    add(Goal.atLeast("plain C on /dev/fuse", 0.97, DEVICE, C_DEVICE, List.of()));
    add(Goal.atMost("plain C on /dev/fuse", Figure.CPU, 1.1, DEVICE, C_DEVICE));
    add(Goal.atMost("plain C on /dev/fuse", Figure.P99, 1.2, DEVICE, C_DEVICE));
  }

  private void onRing(Point point) {
    add(Goal.atLeast("plain C on io_uring", 1.0, RING, C_RING, List.of()));
    if (SMALL.contains(point.workload()) && point.threads() > 1) {
      add(Goal.atLeast("libfuse, io_uring to its default", 1.8, RING, device("libfuse"), C_ANY));
    }
    if (point.workload().equals("read1m")) {
      add(Goal.atLeast("large reads", 1.0, BEST, C_ANY, List.of()));
    }
    if (point.workload().equals("mixed")) {
      List<Variant> libfuse = List.of(Peers.LIBFUSE_RING);
      add(Goal.atLeast("stats behind large reads", 1.0, RING, libfuse, C_RING));
      add(Goal.atMost("stats behind large reads", Figure.P99, 1.0, RING, libfuse));
    }
  }

  private static List<Variant> device(String peer) {
    return Peers.all().stream()
        .filter(variant -> variant.peer().equals(peer) && variant.kind() == Variant.Kind.PEER)
        .filter(variant -> !variant.ring())
        .toList();
  }

  private void libraries(Point point) {
    if (SMALL.contains(point.workload()) && point.threads() == 8) {
      add(Goal.atLeast("jfuse", 2, BEST, device("jfuse"), C_ANY));
      add(Goal.atLeast("jnr-fuse", 3, BEST, device("jnr-fuse"), C_ANY));
      add(Goal.atLeast("rfuse3, privileged", 5, BEST, RFUSE3_ROOT, C_ANY));
      add(Goal.atLeast("rfuse3, unprivileged", 2.2, BEST, RFUSE3_USER, C_ANY));
      add(Goal.atLeast("go-fuse", 1.7, BEST, device("go-fuse"), C_ANY));
      add(Goal.atLeast("fuser", 1.7, BEST, FUSER, C_ANY));
      add(Goal.atLeast("fuser, on /dev/fuse", 1.0, DEVICE, FUSER, C_DEVICE));
      add(Goal.atLeast("jfuse, on /dev/fuse", 1.2, DEVICE, device("jfuse"), C_DEVICE));
    }
    if (point.workload().equals("readdir")) {
      for (String peer : List.of("libfuse", "jfuse", "jnr-fuse", "rfuse3")) {
        add(Goal.atLeast(peer, 3, BEST, device(peer), C_ANY));
      }
      add(Goal.atMost("libfuse", Figure.CPU, 0.125, BEST, device("libfuse")));
    }
  }

  private void memory(Markdown text) {
    text.header("goal", "wanted", "measured", "result");
    for (Variant variant : BEST) {
      double heap = total(variant, true);
      double requests = total(variant, false);
      double peak = peak(variant);
      if (requests > 0) {
        text.row(
            "heap bytes for each request, " + variant.label(),
            "0",
            Markdown.heap(heap, requests),
            Math.round(heap / requests) == 0 ? "met, rounded" : "**missed**");
        text.row(
            "peak memory in MiB, " + variant.label(),
            "at most " + Math.round(PEAK_MEBIBYTES),
            Markdown.number(peak / 1024),
            peak <= PEAK_KIBIBYTES ? "met" : "**missed**");
      }
    }
  }

  private double total(Variant variant, boolean heap) {
    return points.values().stream()
        .mapToDouble(rows -> rows.sum(variant, heap ? Sample::heapBytes : Sample::requests))
        .sum();
  }

  private double peak(Variant variant) {
    return points.values().stream()
        .filter(rows -> rows.variants().contains(variant))
        .mapToDouble(rows -> rows.max(variant, each -> each.client().get("serverPeakKilobytes")))
        .max()
        .orElse(0);
  }
}
