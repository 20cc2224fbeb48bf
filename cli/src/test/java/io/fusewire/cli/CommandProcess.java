package io.fusewire.cli;

import io.fusewire.filesystems.memory.MemoryFileSystem;
import io.fusewire.session.Fusewire;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** The command line in a JVM of its own. */
final class CommandProcess {
  private static final long SECONDS = 60;

  /** What a command said and its exit status. */
  record Result(int status, String out, String err) {}

  private CommandProcess() {}

  private static String location(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  /** The parts of the command's class path. */
  static List<String> locations() throws URISyntaxException {
    return List.of(
        location(FusewireCommand.class),
        location(MemoryFileSystem.class),
        location(Fusewire.class),
        location(CommandLine.class));
  }

  /** The words of a command line with this class path. */
  static List<String> words(List<String> classPath, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"));
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-cp");
    command.add(String.join(File.pathSeparator, classPath));
    command.add("io.fusewire.cli.Main");
    command.addAll(List.of(arguments));
    return command;
  }

  /** Starts it as a terminal would: where the tests run in the background, signals are ignored. */
  static Process start(File errors, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT,HUP"));
    command.addAll(words(locations(), arguments));
    return new ProcessBuilder(command).redirectError(errors).start();
  }

  /** Runs a command to its end. */
  static Result run(String... arguments) throws Exception {
    Path errors = Files.createTempFile("fusewire-cli", ".err");
    try {
      Process process = start(errors.toFile(), arguments);
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("hangs: " + String.join(" ", arguments));
      }
      return new Result(process.exitValue(), out, Files.readString(errors));
    } finally {
      Files.delete(errors);
    }
  }

  /** Starts a mount in the foreground and waits until it says that it serves. */
  static Process mount(File errors, String... arguments) throws Exception {
    Process process = start(errors, arguments);
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    String line = reader.readLine();
    if (line == null) {
      throw new IOException(Files.readString(errors.toPath()));
    }
    return process;
  }
}
