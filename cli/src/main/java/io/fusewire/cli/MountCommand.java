package io.fusewire.cli;

import picocli.CommandLine.Command;

/** {@code fusewire mount}: the file systems it can mount are its subcommands. */
@Command(
    name = "mount",
    mixinStandardHelpOptions = true,
    versionProvider = FusewireVersion.class,
    description = "Mounts a file system and serves it until it is unmounted.",
    synopsisSubcommandLabel = "FILESYSTEM",
    subcommands = {MountMemoryCommand.class, MountPassthroughCommand.class},
    footer = {
      "",
      "Examples:",
      "  fusewire mount memory /tmp/mnt",
      "  fusewire mount memory /tmp/mnt -o size=2g,allow_other --background",
      "  fusewire mount passthrough /srv/data /tmp/mnt -o ro",
      "  mount -t fuse.fusewire memory /tmp/mnt          with fusewire in PATH",
      "",
      "'fusewire mount FILESYSTEM --help' lists the options of each."
    })
final class MountCommand {
  MountCommand() {}
}
