package io.fusewire.linux.mount;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.FileCalls;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/** What an ordinary user does; {@link HelperMounterIT} runs it in a process without rights. */
final class UserMounts {
  private UserMounts() {}

  public static void main(String[] arguments) throws IOException {
    String mountPoint = arguments[0];
    Mounter mounter = Mounters.forThisProcess();
    say("mounter " + mounter.getClass().getSimpleName());

    MountedDevice device = mounter.mount(request(mountPoint));
    MountTable.Entry entry = Objects.requireNonNull(MountTable.at(mountPoint));
    say("mounted " + entry.type() + " " + entry.source());
    say("aborted " + (device.connection().abort() == 0));
    say("unmounted " + (device.unmount(true) == 0 && MountTable.at(mountPoint) == null));
    device.close();

    say("allow_other: " + refusal(request(mountPoint, "allow_other")));
    say("directory of others: " + refusal(MountRequest.plain("/srv", "x")));

    MountedDevice watched = mounter.mount(watched(mountPoint));
    watched.close(); // as the end of the process would
    say("unmounted by the watch " + (MountTable.at(mountPoint) == null));
    watched = mounter.mount(watched(mountPoint));
    say("unmounted " + watched.unmount(true));
    MountedDevice later = mounter.mount(request(mountPoint));
    watched.close();
    say("a later mount stays " + (MountTable.at(mountPoint) != null));
    later.unmount(true);
    later.close();

    FileCalls.close(mounter.mount(request(mountPoint)).descriptor());
    say("stale " + MountPoints.isStale(mountPoint));
    say("replaced " + (MountPoints.replaceStale(mountPoint) && MountTable.at(mountPoint) == null));
  }

  private static MountRequest watched(String mountPoint) {
    return new MountRequest(mountPoint, "watched", null, 0, List.of(), false, true);
  }

  private static MountRequest request(String mountPoint, String... options) {
    return new MountRequest(mountPoint, "a,b\\c", "sub", 0, List.of(options), false, false);
  }

  /** The advice of a refusal, without its commas and last full stop. */
  private static String refusal(MountRequest request) throws IOException {
    try {
      Mounters.forRequest(request).mount(request).close();
      return "mounted";
    } catch (LinuxException e) {
      String message = String.valueOf(e.getMessage());
      int advice = Math.max(message.lastIndexOf(" Add "), message.lastIndexOf(" Mount "));
      return advice < 0
          ? message
          : message.substring(advice + 1, message.length() - 1).replace(",", "");
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
