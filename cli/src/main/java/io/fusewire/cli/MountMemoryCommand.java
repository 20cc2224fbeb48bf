package io.fusewire.cli;

import io.fusewire.filesystems.memory.MemoryFileSystem;
import io.fusewire.filesystems.memory.MemoryOptions;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.session.MountOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
      "",
      "Its own options, behind -o:",
      "  size=N          bytes, or with k, m, g, t; 1g by default",
      "  nr_inodes=N     how many files and directories",
      "  mode=N          of the root directory, octal; 1777 by default",
      "  attr_timeout=S, entry_timeout=S    seconds that the kernel may remember",
      ""
    },
    footer = {
      MountArguments.HELP,
      "Example:",
      "  ${ROOT-COMMAND-NAME} mount memory /tmp/mnt -o size=512m,allow_other"
    })
final class MountMemoryCommand implements Callable<Integer> {
  private static final List<String> OWN =
      List.of("size", "nr_inodes", "mode", "attr_timeout", "entry_timeout");

  private static final long NODES_MAX = 1 << 30;

  @Parameters(paramLabel = "MNT", description = "Where to mount.")
  private Path mountPoint = Path.of(".");

  @Mixin private MountArguments arguments = new MountArguments();

  /** For picocli, which fills it. */
  MountMemoryCommand() {}

  /** Filled already. */
  MountMemoryCommand(Path mountPoint, MountArguments arguments) {
    this.mountPoint = mountPoint;
    this.arguments = arguments;
  }

  @Override
  public Integer call() throws IOException {
    MemoryOptions options =
        MemoryOptions.defaults().withRoot(01777, ProcessCalls.getuid(), ProcessCalls.getgid());
    OptionTimes times = new OptionTimes(options.timeouts());
    for (String option : arguments.optionsOf(OWN)) {
      options =
          switch (OptionValue.name(option)) {
            case "size" -> options.withBytesMax(OptionValue.bytes(option));
            case "nr_inodes" ->
                options.withNodesMax((int) Math.min(OptionValue.bytes(option), NODES_MAX));
            case "mode" ->
                options.withRoot(OptionValue.octal(option), options.rootUid(), options.rootGid());
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
}
