package io.fusewire.cli;

import io.fusewire.filesystems.passthrough.PassthroughFileSystem;
import io.fusewire.filesystems.passthrough.PassthroughOptions;
import io.fusewire.session.MountOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code fusewire mount passthrough SRC MNT}. */
@Command(
    name = "passthrough",
    mixinStandardHelpOptions = true,
    versionProvider = FusewireVersion.class,
    description = {
      "Mirrors a directory; the mount point is made when it is missing.",
      "",
      "Its own options, behind -o:",
      "  attr_timeout=S, entry_timeout=S    seconds that the kernel may remember; 1 by default",
      "  no_xattr        no extended attributes; writes are faster",
      "  passthrough     the kernel reads and writes the files itself (root, Linux 6.9)",
      "  forward_locks   take locks on the source too",
      "  descriptors=N   how many are kept open for files that nobody has open",
      ""
    },
    footer = {
      MountArguments.HELP,
      "Example:",
      "  ${ROOT-COMMAND-NAME} mount passthrough /srv/data /tmp/mnt -o ro,allow_other"
    })
final class MountPassthroughCommand implements Callable<Integer> {
  private static final List<String> OWN =
      List.of(
          "attr_timeout",
          "entry_timeout",
          "no_xattr",
          "passthrough",
          "forward_locks",
          "descriptors");

  @Parameters(index = "0", paramLabel = "SRC", description = "The directory to mirror.")
  private Path source = Path.of(".");

  @Parameters(index = "1", paramLabel = "MNT", description = "Where to mount.")
  private Path mountPoint = Path.of(".");

  @Mixin private MountArguments arguments = new MountArguments();

  /** For picocli, which fills it. */
  MountPassthroughCommand() {}

  /** Filled already. */
  MountPassthroughCommand(Path source, Path mountPoint, MountArguments arguments) {
    this.source = source;
    this.mountPoint = mountPoint;
    this.arguments = arguments;
  }

  @Override
  public Integer call() throws IOException {
    PassthroughOptions options = PassthroughOptions.defaults().withKernelChecks(true);
    OptionTimes times = new OptionTimes(options.timeouts());
    for (String option : arguments.optionsOf(OWN)) {
      options =
          switch (OptionValue.name(option)) {
            case "no_xattr" -> options.withXattrs(false);
            case "passthrough" -> options.withBacking(true);
            case "forward_locks" -> options.withForwardLocks(true);
            case "descriptors" ->
                options.withDescriptorsMax(
                    (int) Math.min(OptionValue.bytes(option), Integer.MAX_VALUE));
            default -> {
              times.set(option);
              yield options;
            }
          };
    }
    options = options.withTimeouts(times.get()).withNoatime(arguments.has("noatime"));
    Path from = source.toAbsolutePath().normalize();
    requireOutside(from);
    return arguments.serve(
        from.toString(),
        new PassthroughFileSystem(from, options),
        mountPoint,
        MountOptions.create().fsName(from.toString()).defaultPermissions());
  }

  /** A mirror below its own source would contain itself without end. */
  private void requireOutside(Path from) {
    Path on = mountPoint.toAbsolutePath().normalize();
    if (on.startsWith(from) && !on.equals(from)) {
      throw new IllegalArgumentException(
          "the mount point " + on + " lies in the source " + from + ": mount outside of it");
    }
  }
}
