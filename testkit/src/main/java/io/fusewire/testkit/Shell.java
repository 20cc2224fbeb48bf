package io.fusewire.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Shell scripts of tests, which must end in time. */
public final class Shell {
  private static final Duration TIME = Duration.ofSeconds(60);

  private Shell() {}

  /**
   * Runs a script with {@code sh -eu} in a directory and gives back what it printed.
   *
   * @param arguments its {@code $1}, {@code $2}, ...
   * @throws AssertionError when it fails or hangs, with what it printed
   */
  public static String run(Path directory, String script, String... arguments) throws IOException {
    Path output = Files.createTempFile("fusewire-script", ".out");
    try {
      String[] command = new String[arguments.length + 4];
      System.arraycopy(arguments, 0, command, 4, arguments.length);
      command[0] = "sh";
      command[1] = "-euc";
      command[2] = script;
      command[3] = "sh";
      Process process =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(TIME.toSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      String text = Files.readString(output);
      Check.that(ended, "it ends within " + TIME + ": " + script + "\n" + text);
      Check.that(process.exitValue() == 0, "it succeeds: " + script + "\n" + text);
      return text;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted in " + script, e);
    } finally {
      Files.delete(output);
    }
  }
}
