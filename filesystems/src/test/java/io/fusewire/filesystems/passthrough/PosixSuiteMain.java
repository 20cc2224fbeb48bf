package io.fusewire.filesystems.passthrough;

import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.PosixCase;
import io.fusewire.testkit.PosixSuite;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Runs the POSIX suite on a plain directory and on a mount that mirrors it; for other users. */
final class PosixSuiteMain {
  private PosixSuiteMain() {}

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    Path source = Path.of(arguments[0]);
    Path point = Path.of(arguments[1]);
    MountOptions options = MountOptions.create().fsName("passthrough-nobody");
    try (Mount mount = Fusewire.mount(new PassthroughFileSystem(source), point, options)) {
      for (Map.Entry<String, PosixCase> entry : PosixSuite.ALL.entrySet()) {
        String plain = run(entry.getValue(), source);
        String mirrored = run(entry.getValue(), point);
        out.println(entry.getKey() + "\t" + plain + "\t" + mirrored);
      }
      out.println("state\t" + mount.state() + "\t");
    }
  }

  private static String run(PosixCase expectation, Path directory) throws Exception {
    try {
      expectation.run(Files.createTempDirectory(directory, "case"));
      return "ok";
    } catch (Exception | AssertionError e) {
      return String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
    }
  }
}
