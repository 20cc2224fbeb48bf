package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The CPUs this process may use, as taskset(1) writes them.
 *
 * @param all such as {@code 0-3,8}
 * @param first where client and server sit when latency and CPU time are the question
 */
record Cpus(String all, String first) {
  private static final String KEY = "Cpus_allowed_list:";

  /** Asks the kernel. */
  static Cpus ofThisProcess() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith(KEY))
        .map(line -> parse(line.substring(KEY.length()).strip()))
        .findFirst()
        .orElseThrow(() -> new IOException("no " + KEY + " in /proc/self/status"));
  }

  static Cpus parse(String list) {
    return new Cpus(list, list.split("[-,]", 2)[0]);
  }
}
