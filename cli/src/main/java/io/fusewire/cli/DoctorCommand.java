package io.fusewire.cli;

import io.fusewire.linux.mount.FuseConnection;
import io.fusewire.linux.mount.MountPoints;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.linux.sys.ProcessCalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code fusewire doctor [MNT]}. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    versionProvider = FusewireVersion.class,
    description = {
      "Looks at what this machine has for FUSE, and at how the kernel treats a mount.",
      "Below a finding stands the command that changes it; nothing is changed here.",
      ""
    },
    footer = {
      "",
      "Exit status: 0, or 1 when mounts cannot work here, or this one does not.",
      "",
      "Examples:",
      "  ${COMMAND-FULL-NAME}               the machine: device, kernel, limits",
      "  ${COMMAND-FULL-NAME} /tmp/mnt      and the mount: read-ahead, written data, waiting requests"
    })
final class DoctorCommand implements Callable<Integer> {
  private static final String NO_MOUNT = "";

  @Parameters(
      paramLabel = "MNT",
      arity = "0..1",
      defaultValue = NO_MOUNT,
      description = "A mount to look at, of this library or another.")
  private String mountPoint = NO_MOUNT;

  DoctorCommand() {}

  @Override
  public Integer call() throws IOException {
    Host host = Host.current(ProcessCalls.geteuid() == 0);
    List<Finding> all = new ArrayList<>(Doctor.machine(host));
    if (!mountPoint.isEmpty()) {
      all.addAll(mount(host, Path.of(mountPoint).toAbsolutePath().normalize().toString()));
    }
    all.forEach(System.out::println);
    System.out.flush();
    return all.stream().anyMatch(each -> each.level() == Finding.Level.BAD) ? 1 : 0;
  }

  private static List<Finding> mount(Host host, String path) throws IOException {
    MountTable.Entry entry = MountTable.at(path);
    if (entry == null || !entry.isFuse()) {
      return List.of(
          Finding.bad(
              "nothing of FUSE is mounted on " + path,
              Invocation.command() + " mount memory " + Invocation.quoted(path)));
    }
    if (MountPoints.isStale(path)) {
      return List.of(Finding.bad("the server of " + path + " is gone", Invocation.umount(path)));
    }
    List<Finding> found = new ArrayList<>();
    found.add(Finding.good(entry.source() + " (" + entry.type() + ") is mounted on " + path));
    FuseConnection connection = FuseConnection.numbered(entry.minor());
    long waiting = connection.waiting();
    if (waiting >= 0) {
      found.add(Finding.good(waiting + " requests wait for an answer"));
    }
    long background = connection.maxBackground();
    if (background >= 0) {
      found.add(Finding.good("up to " + background + " requests in the background"));
    }
    found.addAll(Doctor.mount(host, entry.device()));
    return found;
  }
}
