package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.FlockBuffer;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Scanner;

/** A process of its own that takes locks on a file as it is told, one command a line. */
final class LockClient implements AutoCloseable {
  private final Process process;
  private final BufferedWriter commands;
  private final BufferedReader answers;

  private LockClient(Process process) {
    this.process = process;
    commands = process.outputWriter();
    answers = process.inputReader();
  }

  static LockClient start(Path classes, Path file) throws IOException {
    Process process =
        new ProcessBuilder(PassthroughMount.java(classes, LockClient.class, file))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    LockClient client = new LockClient(process);
    client.answer(); // it has the file open
    return client;
  }

  long pid() {
    return process.pid();
  }

  /**
   * Sends a command and gives its answer: 0 or a negative errno, or for GETLK what is in the way.
   *
   * @param command such as SETLK
   * @param type F_RDLCK 0, F_WRLCK 1, F_UNLCK 2
   * @param range whence, start and length of struct flock
   */
  String lock(String command, int type, String range) throws IOException {
    send(command, type, range);
    return answer();
  }

  /** Sends a command whose answer is fetched later. */
  void send(String command, int type, String range) throws IOException {
    commands.write(command + " " + type + " " + range + "\n");
    commands.flush();
  }

  String answer() throws IOException {
    String line = answers.readLine();
    if (line == null) {
      throw new IOException("the lock client has ended");
    }
    return line;
  }

  /** True when {@link #answer} need not wait. */
  boolean hasAnswered() {
    try {
      return answers.ready();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }

  public static void main(String[] arguments) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    try (Arena arena = Arena.ofConfined()) {
      long name = CString.of(arena, arguments[0]).address();
      int fd = NameCalls.openat(At.FDCWD, name, Open.RDWR, 0);
      out.println(fd);
      Scanner in = new Scanner(System.in, StandardCharsets.UTF_8);
      while (in.hasNext()) {
        out.println(serve(fd, in, arena.allocate(FlockBuffer.BYTES, 8)));
      }
    }
  }

  private static String serve(int fd, Scanner in, MemorySegment lock) {
    String command = in.next();
    FlockBuffer.TYPE.set(lock, 0, in.nextInt());
    FlockBuffer.WHENCE.set(lock, 0, in.nextInt());
    FlockBuffer.START.set(lock, 0, in.nextLong());
    FlockBuffer.LENGTH.set(lock, 0, in.nextLong());
    int operation =
        switch (command) {
          case "GETLK" -> Fcntl.GETLK;
          case "SETLK" -> Fcntl.SETLK;
          case "SETLKW" -> Fcntl.SETLKW;
          default -> throw new IllegalArgumentException(command);
        };
    int result = FileCalls.fcntl(fd, operation, lock.address());
    if (operation != Fcntl.GETLK || result < 0) {
      return Integer.toString(result);
    }
    return FlockBuffer.TYPE.get(lock, 0)
        + " "
        + FlockBuffer.START.get(lock, 0)
        + " "
        + FlockBuffer.LENGTH.get(lock, 0)
        + " "
        + FlockBuffer.PID.get(lock, 0);
  }
}
