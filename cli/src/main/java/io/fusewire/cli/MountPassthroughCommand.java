package io.fusewire.cli;

import picocli.CommandLine.Command;

/** placeholder until the file system lands. */
@Command(name = "passthrough")
final class MountPassthroughCommand implements Runnable {
  MountPassthroughCommand() {}

  @Override
  public void run() {}
}
