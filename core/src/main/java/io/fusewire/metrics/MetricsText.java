package io.fusewire.metrics;

import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Snapshots as text for people. */
final class MetricsText {
  private static final int ERRNOS_IN_LINE_MAX = 3;
  private static final String[] TIME_UNITS = {"ns", "us", "ms", "s"};
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final String HEAD = "%-18s %11s %9s %11s %11s";
  private static final String TIMES_HEAD = " %8s %8s %8s %8s %8s %8s %8s %8s%n";
  private static final int HUNDRED = 100;
  private static final int TEN = 10;

  private MetricsText() {}

  static String line(MetricsSnapshot of) {
    HistogramSnapshot total = of.times().total();
    GaugeValues gauges = of.gauges();
    return String.format(
        Locale.ROOT,
        "%.0f ops/s, in flight %d (mean %.2f, limit %d), p50 %s, p99 %s, errors %d%s,"
            + " gate closed %d times for %s, queued %d (oldest %s)",
        of.perSecond(),
        gauges.inFlight(),
        of.meanInFlight(),
        gauges.limit().now(),
        time(total.percentile(50)),
        time(total.percentile(99)),
        of.errorCount(),
        commonErrors(of.errors()),
        of.counter(Counter.GATE_CLOSED),
        time(of.counter(Counter.GATE_CLOSED_NANOS)),
        gauges.queuedTotal(),
        time(gauges.oldestQueuedNanos()));
  }

  private static String commonErrors(Map<String, Long> errors) {
    if (errors.isEmpty()) {
      return "";
    }
    return errors.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .limit(ERRNOS_IN_LINE_MAX)
        .map(each -> each.getKey() + " " + each.getValue())
        .collect(
            Collectors.joining(", ", " (", errors.size() > ERRNOS_IN_LINE_MAX ? ", ...)" : ")"));
  }

  static String table(MetricsSnapshot of) {
    StringBuilder text = new StringBuilder();
    GaugeValues gauges = of.gauges();
    text.append(
        String.format(
            Locale.ROOT,
            "%d requests in %s: %.0f/s, %.2f in flight on average%n",
            of.count(),
            time(of.elapsedNanos()),
            of.perSecond(),
            of.meanInFlight()));
    text.append(
        String.format(
            Locale.ROOT,
            "now %d in flight (%s), limit %d of %d to %d, %d running, %d parked%n",
            gauges.inFlight(),
            bytes(gauges.inFlightBytes()),
            gauges.limit().now(),
            gauges.limit().min(),
            gauges.limit().max(),
            gauges.running(),
            gauges.parked()));
    text.append(
        String.format(
            Locale.ROOT,
            "queued %d, the oldest for %s: %s%n",
            gauges.queuedTotal(),
            time(gauges.oldestQueuedNanos()),
            gauges.queued()));
    text.append(String.format(Locale.ROOT, HEAD, "", "count", "errors", "in", "out"));
    text.append(
        String.format(
            Locale.ROOT,
            TIMES_HEAD,
            "q p50",
            "q p99",
            "s p50",
            "s p99",
            "p50",
            "p95",
            "p99",
            "p99.9"));
    of.opcodes().forEach(each -> row(text, each));
    text.append("errors ").append(of.errors()).append(System.lineSeparator());
    text.append(
        of.counters().entrySet().stream()
            .filter(each -> each.getValue() > 0)
            .map(each -> each.getKey().text() + " " + each.getValue())
            .collect(Collectors.joining(", ")));
    return text.toString().stripTrailing();
  }

  private static void row(StringBuilder text, OpcodeMetrics of) {
    OpcodeMetrics.Times times = of.times();
    text.append(
        String.format(
            Locale.ROOT,
            HEAD,
            of.name(),
            of.count(),
            of.errors(),
            bytes(of.bytes().in()),
            bytes(of.bytes().out())));
    text.append(
        String.format(
            Locale.ROOT,
            TIMES_HEAD,
            time(times.queue().percentile(50)),
            time(times.queue().percentile(99)),
            time(times.service().percentile(50)),
            time(times.service().percentile(99)),
            time(times.total().percentile(50)),
            time(times.total().percentile(95)),
            time(times.total().percentile(99)),
            time(times.total().percentile(99.9))));
  }

  /** Three digits and a unit, such as {@code 1.25 ms}. */
  static String time(long nanos) {
    return scaled(nanos, TimeUnit.MICROSECONDS.toNanos(1), TIME_UNITS);
  }

  static String bytes(long count) {
    return scaled(count, 1 << 10, BYTE_UNITS);
  }

  private static String scaled(long amount, long step, String[] units) {
    double value = amount;
    int unit = 0;
    while (value >= step && unit < units.length - 1) {
      value /= step;
      unit++;
    }
    String number = "%.2f";
    if (unit == 0 || value >= HUNDRED) {
      number = "%.0f";
    } else if (value >= TEN) {
      number = "%.1f";
    }
    return String.format(Locale.ROOT, number, value) + " " + units[unit];
  }
}
