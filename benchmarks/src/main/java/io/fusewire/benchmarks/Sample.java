package io.fusewire.benchmarks;

/**
 * One measurement of one server.
 *
 * @param client what the client measured
 * @param requests that the server counted while the client ran
 * @param heapBytes that the server's threads allocated meanwhile
 * @param collections of its garbage collector meanwhile
 * @param compilationMillis of its just-in-time compiler meanwhile
 */
record Sample(
    Numbers client,
    double requests,
    double heapBytes,
    double collections,
    double compilationMillis) {
  /** Adds what the server counted before and after. */
  static Sample of(Numbers client, Numbers before, Numbers after) {
    return new Sample(
        client,
        after.get("requests") - before.get("requests"),
        after.get("heapBytes") - before.get("heapBytes"),
        after.get("collections") - before.get("collections"),
        after.get("compilationMillis") - before.get("compilationMillis"));
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
