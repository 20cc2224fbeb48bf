package io.fusewire.cli;

import java.util.ArrayList;
import java.util.List;

/**
 * The argument forms of mount(8) helpers: {@code mount -t fuse.fusewire memory MNT -o OPTIONS} runs
 * {@code fusewire memory MNT -o OPTIONS}, and {@code mount.fuse} does the same for fstab. A first
 * argument that is no subcommand is taken as the file system, or as the source of a passthrough.
 */
final class MountHelperArguments {
  private static final List<String> COMMANDS = List.of("mount", "umount", "help");
  private static final List<String> KINDS = List.of("memory", "passthrough");

  private MountHelperArguments() {}

  static String[] translate(String[] arguments) {
    String first = arguments[0];
    if (COMMANDS.contains(first) || first.startsWith("-") || arguments.length < 2) {
      return arguments;
    }
    List<String> translated = new ArrayList<>(List.of("mount"));
    if (!KINDS.contains(first)) {
      if (!first.startsWith("/")) {
        return arguments; // a mistyped command: picocli says so
      }
      translated.add("passthrough");
    }
    for (String argument : arguments) {
      if (!argument.equals("-s") && !argument.equals("-n")) { // of mount(8), without effect here
        translated.add(argument);
      }
    }
    translated.add("--background");
    return translated.toArray(String[]::new);
  }
}
