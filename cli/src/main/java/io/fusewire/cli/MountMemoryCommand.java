package io.fusewire.cli;

import io.fusewire.filesystems.memory.MemoryFileSystem;
import io.fusewire.filesystems.memory.MemoryOptions;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.session.MountOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fusewire mount memory MNT}. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    versionProvider = FusewireVersion.class,
    description = {
      "Mounts a file system in memory; the mount point is made when it is missing.",
      "Its own options: size= (bytes, or with k, m, g; default 1g), nr_inodes=, mode= (octal, of"
          + " the root directory), attr_timeout= and entry_timeout= (seconds)."
    },
    footer = {"", "Example:", "  fusewire mount memory /tmp/mnt -o size=512m,allow_other"})
final class MountMemoryCommand implements Callable<Integer> {
  private static final List<String> OWN =
      List.of("size", "nr_inodes", "mode", "attr_timeout", "entry_timeout");

  @Parameters(paramLabel = "MNT", description = "Where to mount.")
  private Path mountPoint = Path.of(".");

  @Mixin private MountArguments arguments = new MountArguments();

  MountMemoryCommand() {}

  @Override
  public Integer call() throws IOException {
    MemoryOptions options =
        MemoryOptions.defaults().withRoot(01777, ProcessCalls.getuid(), ProcessCalls.getgid());
    OptionTimes times = new OptionTimes(options.timeouts());
    for (String option : arguments.optionsOf(OWN)) {
      String value = option.substring(option.indexOf('=') + 1);
      options =
          switch (option.replaceAll("=.*", "")) {
            case "size" -> options.withBytesMax(bytes(value));
            case "nr_inodes" -> options.withNodesMax((int) Math.min(bytes(value), 1 << 30));
            case "mode" -> options.withRoot(octal(value), options.rootUid(), options.rootGid());
            default -> {
              times.set(option);
              yield options;
            }
          };
    }
    options = options.withTimeouts(times.get()).withAccessTimes(!arguments.has("noatime"));
    return arguments.serve(
        "A file system in memory (" + (options.bytesMax() >> 20) + " MiB)",
        new MemoryFileSystem(options),
        mountPoint,
        MountOptions.create().fsName("memory").defaultPermissions());
  }

  private static int octal(String text) {
    try {
      return Integer.parseInt(text, 8) & 07777;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("mode needs octal digits, not \"" + text + "\"", e);
    }
  }

  /** A number of bytes with an optional unit. */
  static long bytes(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    int shift =
        switch (lower.isEmpty() ? ' ' : lower.charAt(lower.length() - 1)) {
          case 'k' -> 10;
          case 'm' -> 20;
          case 'g' -> 30;
          case 't' -> 40;
          default -> 0;
        };
    try {
      String digits = shift == 0 ? lower : lower.substring(0, lower.length() - 1);
      long number = Long.parseLong(digits);
      if (number <= 0 || number > Long.MAX_VALUE >> shift) {
        throw new NumberFormatException("out of range");
      }
      return number << shift;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no size; write for example 512m or 2g", e);
    }
  }
}
