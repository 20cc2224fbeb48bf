package io.fusewire.cli;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.mount.MountPoints;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code fusewire umount MNT}. */
@Command(
    name = "umount",
    aliases = "unmount",
    mixinStandardHelpOptions = true,
    versionProvider = FusewireVersion.class,
    description = "Unmounts a FUSE mount, also one whose server died.")
final class UmountCommand implements Callable<Integer> {
  @Parameters(paramLabel = "MNT", description = "The mount point.")
  private Path mountPoint = Path.of(".");

  @Option(
      names = {"-l", "-z", "--lazy"},
      description = "Take it out of the tree at once although it is in use.")
  private boolean lazy;

  UmountCommand() {}

  @Override
  public Integer call() throws IOException {
    String path = resolve();
    MountTable.Entry entry = MountTable.at(path);
    if (entry == null || !entry.isFuse()) {
      throw new LinuxException(nothingOn(path));
    }
    MountArguments.leaveDirectory();
    int result = MountPoints.unmount(path, lazy || MountPoints.isStale(path));
    String advice =
        switch (-result) {
          case Errno.EBUSY -> busy(path);
          case Errno.EPERM -> "Only the user who mounted it and root may do that.";
          default -> "";
        };
    LinuxException.check(result, "umount(\"" + path + "\")", advice);
    return 0;
  }

  private static String nothingOn(String path) throws IOException {
    List<String> mounts =
        MountTable.fuseMounts().stream().map(MountTable.Entry::mountPoint).toList();
    String others = mounts.isEmpty() ? "nor anywhere else" : "but on " + String.join(", ", mounts);
    return "nothing of FUSE is mounted on " + path + ", " + others;
  }

  private static String busy(String path) {
    String holders = Holders.of(path);
    return (holders.isEmpty()
            ? "Somebody has a file open there or works in it (root sees who: fuser -vm "
                + path
                + ")"
            : "It is in use by " + holders)
        + "; end that, or unmount with --lazy.";
  }

  /** The absolute path; a dead mount cannot be resolved itself, but its directory can. */
  private String resolve() {
    Path absolute = mountPoint.toAbsolutePath().normalize();
    try {
      Path parent = absolute.getParent();
      Path name = absolute.getFileName();
      if (parent == null || name == null) {
        return absolute.toString();
      }
      Path candidate = parent.toRealPath().resolve(name);
      return java.nio.file.Files.isSymbolicLink(candidate)
          ? candidate.toRealPath().toString()
          : candidate.toString();
    } catch (IOException e) {
      return absolute.toString();
    }
  }
}
