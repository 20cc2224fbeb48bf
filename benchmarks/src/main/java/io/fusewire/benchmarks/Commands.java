package io.fusewire.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** Runs short programs that print little. */
final class Commands {
  private static final long SECONDS_MAX = 120;

  private Commands() {}

  /** Runs a program to its end and returns what it printed; IOException unless it succeeds. */
  static String run(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader output = process.inputReader()) {
      if (!process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IOException("no end after " + SECONDS_MAX + " s: " + String.join(" ", command));
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "exit status " + process.exitValue() + ": " + String.join(" ", command));
      }
      return output.lines().collect(Collectors.joining("\n"));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted: " + String.join(" ", command), e);
    } finally {
      process.destroyForcibly();
    }
  }
}
