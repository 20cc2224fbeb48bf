package io.fusewire.cli;

import io.fusewire.linux.ffi.LinuxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Starts this command once more as a process of its own and waits until its mount is usable. */
final class Background {
  private static final String MARK = "FUSEWIRE_BACKGROUND_CHILD";

  private Background() {}

  /** True in the process that serves. */
  static boolean isChild() {
    return System.getenv(MARK) != null;
  }

  /** Returns with 0 when the child has mounted, otherwise with the child's status. */
  static int start() throws IOException {
    ProcessHandle.Info self = ProcessHandle.current().info();
    List<String> command = new ArrayList<>();
    command.add(
        self.command()
            .orElseThrow(
                () -> new LinuxException("cannot tell which java runs this; is /proc there?")));
    command.addAll(List.of(self.arguments().orElse(new String[0])));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.put(MARK, "1");
    // Pipes, not our own streams: whoever waits for those to close must not wait for the mount.
    Process child =
        builder.redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null"))).start();
    String line = reader(child.getInputStream()).readLine();
    if (line != null) {
      System.out.println(line);
      return 0;
    }
    BufferedReader errors = reader(child.getErrorStream());
    for (String error = errors.readLine(); error != null; error = errors.readLine()) {
      System.err.println(error);
    }
    try {
      return Math.max(1, child.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  private static BufferedReader reader(java.io.InputStream stream) {
    return new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
  }
}
