package io.fusewire.benchmarks;

import java.util.HashMap;
import java.util.Map;

/**
 * One measurement of one server.
 *
 * @param client what the client measured
 * @param requests that the server counted while the client ran, 0 if it does not count
 * @param heapBytes that the server's threads allocated meanwhile
 * @param collections of its garbage collector meanwhile
 * @param pauseMillis for which its garbage collector stopped it meanwhile
 * @param compilationMillis of its just-in-time compiler meanwhile
 */
record Sample(
    Numbers client,
    double requests,
    double heapBytes,
    double collections,
    double pauseMillis,
    double compilationMillis) {
  /** Adds what the server counted before and after. */
  static Sample of(Numbers client, Numbers before, Numbers after) {
    return new Sample(
        client,
        more("requests", before, after),
        more("heapBytes", before, after),
        more("collections", before, after),
        more("pauseMillis", before, after),
        more("compilationMillis", before, after));
  }

  private static double more(String name, Numbers before, Numbers after) {
    return after.get(name, 0) - before.get(name, 0);
  }

  /** All figures under their names, as {@link #parse} takes them. */
  Numbers figures() {
    Map<String, Double> all = new HashMap<>(client.values());
    all.put("requests", requests);
    all.put("heapBytes", heapBytes);
    all.put("collections", collections);
    all.put("pauseMillis", pauseMillis);
    all.put("compilationMillis", compilationMillis);
    return new Numbers(Map.copyOf(all));
  }

  /** The measurement with these figures. */
  static Sample parse(Numbers figures) {
    return new Sample(
        figures,
        figures.get("requests"),
        figures.get("heapBytes"),
        figures.get("collections"),
        figures.get("pauseMillis"),
        figures.get("compilationMillis"));
  }

  double operationsPerSecond() {
    return client.get("opsPerSecond");
  }

  double serverMicros() {
    return client.get("serverMicrosPerOp");
  }

  double requestsPerOperation() {
    return requests / client.get("operations");
  }

  /** The share of the machine that neither client nor server had, in percent. */
  double noisePercent() {
    return Math.max(client.get("otherCpuPercent"), client.get("stolenPercent"));
  }
}
