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
      "Its own options: attr_timeout= and entry_timeout= (seconds, default 1), no_xattr (no"
          + " extended attributes, faster writes), forward_locks (take locks on the source too),"
          + " descriptors= (how many it keeps open for files that are not open)."
    },
    footer = {"", "Example:", "  fusewire mount passthrough /srv/data /tmp/mnt -o ro,allow_other"})
final class MountPassthroughCommand implements Callable<Integer> {
  private static final List<String> OWN =
      List.of("attr_timeout", "entry_timeout", "no_xattr", "forward_locks", "descriptors");

  @Parameters(index = "0", paramLabel = "SRC", description = "The directory to mirror.")
  private Path source = Path.of(".");

  @Parameters(index = "1", paramLabel = "MNT", description = "Where to mount.")
  private Path mountPoint = Path.of(".");

  @Mixin private MountArguments arguments = new MountArguments();

  MountPassthroughCommand() {}

  @Override
  public Integer call() throws IOException {
    PassthroughOptions options = PassthroughOptions.defaults().withKernelChecks(true);
    OptionTimes times = new OptionTimes(options.timeouts());
    for (String option : arguments.optionsOf(OWN)) {
      options =
          switch (option.replaceAll("=.*", "")) {
            case "no_xattr" -> options.withXattrs(false);
            case "forward_locks" -> options.withForwardLocks(true);
            case "descriptors" ->
                options.withDescriptorsMax(
                    Math.toIntExact(
                        MountMemoryCommand.bytes(option.substring(option.indexOf('=') + 1))));
            default -> {
              times.set(option);
              yield options;
            }
          };
    }
    options = options.withTimeouts(times.get());
    return arguments.serve(
        source.toAbsolutePath().normalize().toString(),
        new PassthroughFileSystem(source.toAbsolutePath(), options),
        mountPoint,
        MountOptions.create().fsName(source.toAbsolutePath().toString()).defaultPermissions());
  }
}
