package io.fusewire.cli;

import io.fusewire.linux.ffi.LinuxException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command {@code fusewire} and its subcommands. */
@Command(
    name = "fusewire",
    mixinStandardHelpOptions = true,
    versionProvider = FusewireVersion.class,
    description = "Mounts file systems written in Java.",
    subcommands = {MountCommand.class, UmountCommand.class},
    footer = {
      "",
      "Examples:",
      "  fusewire mount memory /tmp/mnt                  a file system in memory",
      "  fusewire mount passthrough /srv/data /tmp/mnt   a mirror of a directory",
      "  fusewire umount /tmp/mnt",
      "  fusewire mount --help                           all options"
    })
public final class FusewireCommand {
  private static final int USER_ERROR = 1;

  /** Made by picocli. */
  public FusewireCommand() {}

  /** Runs a command line and exits with 0, with 1 for a failure, or with 2 for wrong arguments. */
  public static void main(String[] arguments) {
    int status = run(arguments);
    System.exit(status);
  }

  /** Runs a command line; the exit status. */
  static int run(String... arguments) {
    CommandLine line = new CommandLine(new FusewireCommand());
    line.setExecutionExceptionHandler(FusewireCommand::explain);
    line.setExecutionStrategy(new CommandLine.RunLast());
    if (arguments.length == 0) {
      line.usage(line.getOut());
      return USER_ERROR;
    }
    return line.execute(MountHelperArguments.translate(arguments));
  }

  /** A failure is one line, never a stack trace. */
  private static int explain(Exception failure, CommandLine line, CommandLine.ParseResult parsed) {
    PrintWriter err = line.getErr();
    boolean ours = failure instanceof LinuxException || failure instanceof IllegalArgumentException;
    err.println("fusewire: " + (ours ? failure.getMessage() : failure.toString()));
    err.flush();
    return USER_ERROR;
  }
}
