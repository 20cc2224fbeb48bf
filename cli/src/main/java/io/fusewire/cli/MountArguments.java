package io.fusewire.cli;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.mount.MountPoints;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that all {@code mount} commands share, and what they all do. */
final class MountArguments {
  @Option(
      names = "-o",
      paramLabel = "OPTIONS",
      description = {
        "Mount options, separated by commas. Of every mount:",
        "ro, nosuid (default), suid, nodev (default), dev, noexec, noatime, sync, dirsync,"
            + " allow_other, allow_root, default_permissions, uid=, gid=, fsname=, subtype=,"
            + " nonempty, auto_unmount, replace_stale, max_read=, max_write=, max_readahead=,"
            + " max_background=, congestion_threshold=, time_gran=, direct_io, kernel_cache,"
            + " auto_cache, writeback_cache, readers=, max_in_flight=."
      })
  private List<String> options = new ArrayList<>();

  @Option(names = "-f", description = "Stay in the foreground; this is the default.")
  private boolean foreground;

  @Option(names = "-s", description = "Read requests with one thread.")
  private boolean single;

  @Option(
      names = {"-b", "--background"},
      description = "Return when the mount is usable; a process of its own serves it.")
  private boolean background;

  @Option(
      names = {"-d", "--debug"},
      description = "Print a line for each request and each reply.")
  private boolean debug;

  private final List<String> own = new ArrayList<>();

  MountArguments() {}

  /** Takes the options that a file system understands itself out of {@code -o}. */
  List<String> optionsOf(List<String> names) {
    List<String> taken = new ArrayList<>();
    for (String text : options) {
      for (String option : text.split("(?<!\\\\),", -1)) {
        boolean mine = names.contains(option.replaceAll("=.*", ""));
        (mine ? taken : own).add(option);
      }
    }
    return taken;
  }

  /** True when this word is among the options of every mount. */
  boolean has(String word) {
    return own.contains(word);
  }

  /**
   * Mounts, says so, and serves until the end; in the background if that was asked for.
   *
   * @param what is mounted, for the first line
   */
  int serve(String what, RawFileSystem fileSystem, Path mountPoint, MountOptions defaults)
      throws IOException {
    defaults.option(String.join(",", own));
    if (single) {
      defaults.readers(1);
    }
    if (debug) {
      defaults.trace(System.err);
    }
    makeMountPoint(mountPoint);
    if (background && !foreground && !Background.isChild()) {
      return Background.start();
    }
    if (Background.isChild()) {
      ProcessCalls.setsid();
    }
    try (Mount mount = Fusewire.mount(fileSystem, mountPoint, defaults)) {
      System.out.println(
          what
              + " is mounted on "
              + mount.mountPoint()
              + ". Leave with "
              + (background ? "" : "Ctrl-C or ")
              + "fusewire umount "
              + mount.mountPoint());
      System.out.flush();
      mount.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  private static void makeMountPoint(Path mountPoint) throws LinuxException {
    boolean passed = mountPoint.startsWith("/dev/fd");
    if (passed || Files.exists(mountPoint) || MountPoints.isStale(mountPoint.toString())) {
      return;
    }
    try {
      Files.createDirectories(mountPoint);
    } catch (IOException e) {
      throw new LinuxException(
          "cannot make the mount point "
              + mountPoint
              + ": "
              + e.getMessage()
              + ". Mount somewhere you may write.");
    }
  }
}
