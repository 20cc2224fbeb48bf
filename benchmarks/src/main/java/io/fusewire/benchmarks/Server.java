package io.fusewire.benchmarks;

import io.fusewire.wire.flag.InitFlags;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A server process with a mount point of its own. It ends when its standard input does, so that
 * nothing stays mounted even if this process is killed.
 */
final class Server implements AutoCloseable {
  private static final long ANSWER_SECONDS = 20;
  private static final int LINES_MAX = 16;
  private static final String READY = "ready";
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
  private static final long LOOK_AGAIN_MILLIS = 10;

  private final Path mountPoint;
  private final Process process;
  private final BufferedWriter commands;
  private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(LINES_MAX);
  private final String greeting;

  private Server(Path mountPoint, Process process) throws IOException {
    this.mountPoint = mountPoint;
    this.process = process;
    this.commands = process.outputWriter();
    Thread.ofPlatform().daemon().name("server-output-" + process.pid()).start(this::pump);
    try {
      greeting = nextLine();
      if (!greeting.startsWith(READY)) {
        throw new IOException("the server did not start; it said: " + greeting);
      }
      awaitMount();
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** Starts a server: the command, a fresh mount point, and what comes behind it. */
  static Server start(List<String> command, List<String> trailing) throws IOException {
    Path mountPoint = Files.createTempDirectory("fusewire-benchmark-");
    List<String> all = new ArrayList<>(command);
    all.add(mountPoint.toString());
    all.addAll(trailing);
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new Server(mountPoint, builder.start());
  }

  private void pump() {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.put(line);
      }
      lines.put("end of output");
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt(); // the server is being closed
    }
  }

  /** Some libraries come back before the kernel has mounted. */
  private void awaitMount() throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
    while (!isMounted()) {
      if (System.nanoTime() > end) {
        throw new IOException("nothing was mounted on " + mountPoint);
      }
      try {
        Thread.sleep(LOOK_AGAIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
  }

  private boolean isMounted() throws IOException {
    String field = " " + mountPoint + " ";
    return Files.readAllLines(MOUNTS).stream().anyMatch(line -> line.contains(field));
  }

  private String nextLine() throws IOException {
    try {
      String line = lines.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new IOException("the server said nothing for " + ANSWER_SECONDS + " s");
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  Path mountPoint() {
    return mountPoint;
  }

  long pid() {
    return process.pid();
  }

  /** The capabilities in use as it told them; empty when it does not know. */
  String capabilities() {
    int start = greeting.indexOf('=') + 1;
    if (start == 0) {
      return "";
    }
    long all = Long.parseUnsignedLong(greeting.substring(start), 16);
    return Long.toHexString(all & ~InitFlags.OVER_IO_URING);
  }

  /** Ends the process at once; who waits for an answer of its mount gets an error. */
  void kill() {
    process.destroyForcibly();
  }

  /** What it has counted so far. */
  Numbers counts() throws IOException {
    commands.write("counts\n");
    commands.flush();
    return Numbers.parse(nextLine());
  }

  /** Binds all its threads to these CPUs, written as taskset(1) wants them. */
  void runOn(String cpus) throws IOException {
    Commands.run(List.of("taskset", "-a", "-c", "-p", cpus, Long.toString(pid())));
  }

  /** Unmounts and ends the process; kills it if it does not end. Idempotent. */
  @Override
  public void close() {
    try {
      commands.close();
    } catch (IOException e) {
      System.err.println("closing the server's input: " + e); // it is dead: the rest still holds
    }
    try {
      if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("the server on " + mountPoint + " hangs; killing it");
        process.destroyForcibly().waitFor();
      }
      if (isMounted()) {
        Commands.run(List.of("umount", "--lazy", mountPoint.toString()));
      }
      Files.deleteIfExists(mountPoint);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
