package io.fusewire.benchmarks;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Compares Fusewire with plain C and other libraries, and prints the tables. Started by {@code
 * benchmarks/run}.
 */
public final class Compare {
  private Compare() {}

  /** Runs the comparison that the arguments describe. */
  public static void main(String[] arguments) {
    Settings settings;
    try {
      settings = Settings.parse(arguments);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage() + "\n\n" + Settings.USAGE);
      System.exit(2);
      return;
    }
    if (settings == null) {
      System.out.print(Settings.USAGE);
      return;
    }
    if (settings.list) {
      settings.variants.forEach(
          variant ->
              System.out.printf("%-24s %-14s %s%n", variant, variant.peer(), variant.label()));
      return;
    }
    try {
      compare(settings, Settings.Places.fromLauncher());
    } catch (IOException e) {
      for (Throwable each = e; each != null; each = each.getCause()) {
        System.err.println("benchmarks: " + each.getMessage());
      }
      System.exit(1);
    }
  }

  private static void compare(Settings settings, Settings.Places places) throws IOException {
    Cpus cpus = Cpus.ofThisProcess();
    Results results = new Results(settings.points);
    DataFile data = DataFile.open(settings.data, results, settings.variants);
    if (settings.rounds > 0) {
      data.run(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(), settings.commandLine);
      Rounds rounds = new Rounds(settings, places, cpus, data, results);
      try {
        rounds.run();
      } catch (IOException | RuntimeException e) {
        if (rounds.isStopping()) { // Ctrl-C takes the servers away under the measurement
          return;
        }
        throw e;
      }
    }
    Conditions conditions = new Conditions(settings, cpus);
    if (settings.peers) {
      PeerReport report = new PeerReport(settings, conditions, results);
      System.out.println(report.text());
      if (settings.write) {
        report.write(places.peerDocuments());
      }
    } else {
      String report = new Report(settings, conditions, results).text();
      System.out.println(report);
      if (settings.write) {
        Document.write(places.document(), report);
      }
    }
  }
}
