package io.fusewire.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that uses a mount: what it says, and that it ends. */
final class Client {
  private final Process process;
  private final List<String> command;

  private Client(Process process, List<String> command) {
    this.process = process;
    this.command = command;
  }

  static Client start(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    return new Client(process, List.of(command));
  }

  /** Sends one signal to all of these. */
  static void signal(String name, List<Client> clients) throws IOException, InterruptedException {
    List<String> kill = new ArrayList<>(List.of("kill", "-" + name));
    clients.forEach(client -> kill.add(Long.toString(client.process.pid())));
    assertThat(new ProcessBuilder(kill).inheritIO().start().waitFor()).as("%s", kill).isZero();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  void kill() {
    process.destroyForcibly();
  }

  /** Writes a line to its standard input. */
  void say(String line) throws IOException {
    process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
  }

  /** The next line that it prints, or what was before its end. */
  String line() throws IOException {
    StringBuilder text = new StringBuilder();
    int c = process.getInputStream().read();
    while (c >= 0 && c != '\n') {
      text.append((char) c);
      c = process.getInputStream().read();
    }
    return text.toString();
  }

  /** All that it prints until it ends. */
  String rest() throws IOException {
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }

  /** Its exit status; fails with its state and kernel stack when it does not end in this time. */
  int await(Duration time) {
    try {
      boolean ended = process.waitFor(time.toNanos(), TimeUnit.NANOSECONDS);
      assertThat(ended).as("%s has ended; it is %s", command, ended ? "" : state()).isTrue();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private String state() {
    try {
      return Files.readString(Path.of("/proc/" + process.pid() + "/status"))
          .lines()
          .filter(line -> line.startsWith("State:"))
          .findFirst()
          .orElse("without a state");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
