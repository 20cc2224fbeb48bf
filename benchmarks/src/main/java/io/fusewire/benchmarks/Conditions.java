package io.fusewire.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where and how was measured, for the head of the tables. */
final class Conditions {
  private final Settings settings;
  private final Cpus cpus;

  Conditions(Settings settings, Cpus cpus) {
    this.settings = settings;
    this.cpus = cpus;
  }

  /** As a list. */
  void addTo(Markdown text) throws IOException {
    if (settings.rounds > 0) {
      addMeasurement(text);
    }
    text.line("- Intervals: 95 %, bootstrap over the rounds, seed " + settings.seed);
    text.line("- Linux " + Files.readString(Path.of("/proc/sys/kernel/osrelease")).strip());
    text.line("- " + Runtime.getRuntime().availableProcessors() + " CPUs, " + processorModel());
    text.line("- Java " + System.getProperty("java.vm.version"));
    text.line("- JVM options: " + String.join(" ", Launches.JVM_OPTIONS) + moreJavaOptions());
    if (settings.peers) {
      text.line("- JVM options of other libraries: " + String.join(" ", Launches.PEER_JVM_OPTIONS));
    }
    text.line("- max_write 1 MiB, " + settings.readers + " readers in Fusewire");
    text.line(
        "- 1 client thread: client and server on CPU "
            + cpus.first()
            + "; more threads: on CPUs "
            + cpus.all());
  }

  private void addMeasurement(Markdown text) {
    text.line("- Command: `" + settings.commandLine + "`");
    text.line(
        "- "
            + settings.rounds
            + " rounds of "
            + settings.rows
            + " rows, "
            + settings.seconds
            + " s for each server at each point; rows beside which others used "
            + settings.noisePercent
            + " % of the machine or more are thrown away");
  }

  private String moreJavaOptions() {
    return settings.javaOptions.isEmpty() ? "" : " " + String.join(" ", settings.javaOptions);
  }

  private static String processorModel() throws IOException {
    return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }
}
