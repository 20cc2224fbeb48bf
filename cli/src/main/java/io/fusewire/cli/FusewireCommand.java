package io.fusewire.cli;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.session.UnknownOptionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code fusewire} and its subcommands. */
@Command(
    name = "fusewire",
    mixinStandardHelpOptions = true,
    versionProvider = FusewireVersion.class,
    description = "Mounts file systems written in Java.",
    subcommands = {MountCommand.class, UmountCommand.class, DoctorCommand.class},
    footer = {
      "",
      "Examples:",
      "  ${ROOT-COMMAND-NAME} mount memory /tmp/mnt                  a file system in memory",
      "  ${ROOT-COMMAND-NAME} mount passthrough /srv/data /tmp/mnt   a mirror of a directory",
      "  ${ROOT-COMMAND-NAME} umount /tmp/mnt",
      "  ${ROOT-COMMAND-NAME} doctor                     what this machine has, and could have",
      "  ${ROOT-COMMAND-NAME} mount memory --help                    all options"
    })
public final class FusewireCommand {
  private static final int FAILED = 1;
  private static final int WRONG_ARGUMENTS = 2;

  /** Made by picocli. */
  public FusewireCommand() {}

  /** Runs a command line and exits with 0, with 1 for a failure, or with 2 for wrong arguments. */
  public static void main(String[] arguments) throws IOException {
    boolean training = arguments.length == 1 && arguments[0].equals(Training.WORD);
    int status = training ? Training.run() : run(arguments);
    System.exit(status);
  }

  /** Runs a command line; the exit status. */
  static int run(String... arguments) {
    if (arguments.length == 0) {
      CommandLine line = commandLine();
      line.usage(line.getOut());
      return WRONG_ARGUMENTS;
    }
    MountHelperArguments helper = MountHelperArguments.of(arguments);
    if (helper.isFake()) {
      return 0;
    }
    String[] words = helper.translated();
    Callable<Integer> plain = PlainMount.of(words);
    return plain == null ? commandLine().execute(words) : run(plain, words[1]);
  }

  private static CommandLine commandLine() {
    CommandLine line = new CommandLine(new FusewireCommand());
    line.setCommandName(Invocation.command());
    line.setExecutionExceptionHandler((failure, at, parsed) -> explain(failure, at));
    line.setParameterExceptionHandler(FusewireCommand::wrongArguments);
    line.setExecutionStrategy(new CommandLine.RunLast());
    return line;
  }

  private static int run(Callable<Integer> mount, String fileSystem) {
    try {
      return mount.call();
    } catch (Exception e) { // as picocli does it
      return explain(e, below(below(commandLine(), "mount"), fileSystem));
    }
  }

  private static CommandLine below(CommandLine line, String name) {
    return Objects.requireNonNull(line.getSubcommands().get(name), name);
  }

  /** A failure is one line, never a stack trace. */
  private static int explain(Exception failure, CommandLine line) {
    PrintWriter err = line.getErr();
    if (failure instanceof IllegalArgumentException) {
      String message = String.valueOf(failure.getMessage());
      if (failure instanceof UnknownOptionException unknown && unknown.suggestion().isEmpty()) {
        message = "unknown mount option: " + unknown.option(); // the help lists those there are
      }
      err.println("fusewire: " + message);
      err.println(hint(line));
      err.flush();
      return WRONG_ARGUMENTS;
    }
    boolean ours = failure instanceof LinuxException;
    err.println("fusewire: " + (ours ? failure.getMessage() : failure.toString()));
    err.flush();
    return FAILED;
  }

  /** What is wrong, how it is meant, and where the rest is told: three lines, not a page. */
  private static int wrongArguments(CommandLine.ParameterException failure, String[] arguments) {
    CommandLine line = failure.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("fusewire: " + explanation(failure, line));
    err.print("Usage: " + line.getHelp().synopsis(0));
    err.println(hint(line));
    err.flush();
    return WRONG_ARGUMENTS;
  }

  private static String hint(CommandLine line) {
    return "See: " + line.getCommandSpec().qualifiedName() + " --help";
  }

  private static String explanation(CommandLine.ParameterException failure, CommandLine line) {
    if (failure.getCause() instanceof InvalidPathException path) {
      return "this is no path: " + path.getInput();
    }
    boolean choice = !line.getSubcommands().isEmpty();
    boolean mount = line.getCommand() instanceof MountCommand;
    String kind = mount ? "file system" : "command";
    if (failure instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst();
      if (word.startsWith("-")) {
        return "there is no option " + word + suggestion(unmatched);
      }
      return choice
          ? "there is no " + kind + " \"" + word + "\"; there are " + names(line)
          : "one argument too many: " + word;
    }
    if (choice) {
      return "which " + kind + "? There are " + names(line);
    }
    String message = String.valueOf(failure.getMessage());
    return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
  }

  private static String names(CommandLine line) {
    List<String> names =
        line.getSubcommands().values().stream()
            .map(CommandLine::getCommandName)
            .distinct()
            .toList();
    return String.join(" and ", names);
  }

  private static String suggestion(UnmatchedArgumentException unmatched) {
    List<String> similar = unmatched.getSuggestions();
    return similar.isEmpty() ? "" : "; did you mean " + String.join(" or ", similar) + "?";
  }
}
