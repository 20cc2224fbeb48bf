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
      "  ${COMMAND-FULL-NAME} memory /tmp/mnt",
      "  ${COMMAND-FULL-NAME} memory /tmp/mnt -o size=2g,allow_other --background",
      "  ${COMMAND-FULL-NAME} passthrough /srv/data /tmp/mnt -o ro",
      "",
      "'${COMMAND-FULL-NAME} memory --help' lists all options.",
      "",
      "For mount(8) and fstab link the launcher into PATH; the source is memory or a directory:",
      "  ln -s \"$PWD/fusewire\" /usr/local/bin/",
      "  mount -t fuse.fusewire memory /tmp/mnt -o size=1g",
      "  memory  /tmp/mnt  fuse.fusewire  size=1g,nofail  0  0      a line of /etc/fstab"
    })
final class MountCommand {
  MountCommand() {}
}
