package io.fusewire.cli;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Looks at what this machine has for FUSE. Changes nothing. */
final class Doctor {
  private static final int MAJOR = 1000; // of a version number, in front of its minor
  private static final int PASSTHROUGH_SINCE = 6 * MAJOR + 9;
  private static final int URING_SINCE = 6 * MAJOR + 14;
  private static final int OLDEST = 3 * MAJOR + 15;
  private static final int PAGE_KIB = 4;
  private static final long PAGES_USUAL = 256;
  private static final long PAGES_PROPOSED = 1024;
  private static final long FILES_PROPOSED = 65_536;
  private static final long READ_AHEAD_USUAL_KIB = 128;
  private static final long RATIO_USUAL = 1;
  private static final Pattern RELEASE = Pattern.compile("(\\d+)\\.(\\d+).*");
  private static final Pattern OPEN_FILES = Pattern.compile("(?m)^Max open files +(\\S+).*");
  private static final String URING = "/sys/module/fuse/parameters/enable_uring";
  private static final String PAGES = "/proc/sys/fs/fuse/max_pages_limit";
  private static final String CONTROL = "/sys/fs/fuse/connections";

  private final Host host;
  private final List<Finding> findings = new ArrayList<>();

  private Doctor(Host host) {
    this.host = host;
  }

  /** What the machine has. */
  static List<Finding> machine(Host host) {
    Doctor doctor = new Doctor(host);
    doctor.kernel();
    doctor.device();
    doctor.helper();
    doctor.otherUsers();
    doctor.uring();
    doctor.requestSize();
    doctor.openFiles();
    doctor.control();
    return doctor.findings;
  }

  /**
   * How the kernel treats one mount.
   *
   * @param device the numbers of its device: {@code 0:42}
   */
  static List<Finding> mount(Host host, String device) {
    Doctor doctor = new Doctor(host);
    String directory = "/sys/class/bdi/" + device + "/";
    doctor.readAhead(directory + "read_ahead_kb");
    doctor.dirtyRatio(directory + "max_ratio");
    return doctor.findings;
  }

  private int release() {
    Matcher matcher = RELEASE.matcher(host.text("/proc/sys/kernel/osrelease"));
    boolean known = matcher.matches();
    return known
        ? Integer.parseInt(matcher.group(1)) * MAJOR + Integer.parseInt(matcher.group(2))
        : 0;
  }

  private void kernel() {
    int release = release();
    String name = "Linux " + host.text("/proc/sys/kernel/osrelease");
    if (release < OLDEST) {
      findings.add(Finding.bad(name + ": 3.15 or later is needed", "apt-get dist-upgrade"));
    } else if (release < URING_SINCE) {
      String has =
          release < PASSTHROUGH_SINCE ? "no backing files (6.9) and" : "backing files, but";
      findings.add(Finding.hint(name + ": " + has + " no io_uring (6.14)", "apt-get dist-upgrade"));
    } else {
      findings.add(Finding.good(name + ": with backing files and io_uring"));
    }
  }

  private void device() {
    String device = "/dev/fuse";
    if (!host.has(device)) {
      findings.add(
          Finding.bad(
              device + " is not there; in a container: start it with --device /dev/fuse",
              "modprobe fuse"));
    } else if (!Files.isReadable(host.path(device)) || !Files.isWritable(host.path(device))) {
      findings.add(Finding.bad(device + " is not for you", "chmod 0666 " + device));
    } else {
      findings.add(Finding.good(device + " can be used"));
    }
  }

  private void helper() {
    if (host.hasProgram("fusermount3")) {
      findings.add(Finding.good("fusermount3 is there, for mounts of ordinary users"));
    } else if (host.isRoot()) {
      findings.add(
          Finding.hint(
              "no fusermount3: only root can mount, and not with auto_unmount",
              "apt-get install fuse3"));
    } else {
      findings.add(
          Finding.bad("no fusermount3, without which only root mounts", "apt-get install fuse3"));
    }
  }

  private void otherUsers() {
    String file = "/etc/fuse.conf";
    boolean allowed =
        host.text(file).lines().anyMatch(each -> each.strip().equals("user_allow_other"));
    findings.add(
        allowed
            ? Finding.good("all users may mount with allow_other (" + file + ")")
            : Finding.hint(
                "only root may mount with allow_other, for user_allow_other is not in " + file,
                "echo user_allow_other >> " + file));
  }

  private void uring() {
    String value = host.text(URING);
    if (value.equals("Y")) {
      findings.add(Finding.good("requests can come through io_uring"));
    } else if (!value.isEmpty()) {
      findings.add(
          Finding.hint(
              "io_uring is off for FUSE; many clients at once are faster through it",
              "echo Y > " + URING));
    }
  }

  private void requestSize() {
    long pages = host.number(PAGES);
    if (pages < 0) {
      return; // before Linux 6.13 it cannot be changed
    }
    String text = "one request has up to " + pages * PAGE_KIB + " KiB (" + pages + " pages)";
    findings.add(
        pages > PAGES_USUAL
            ? Finding.good(text)
            : Finding.hint(
                text + "; a store far away may want more, with max_write= of the mount",
                "sysctl fs.fuse.max_pages_limit=" + PAGES_PROPOSED));
  }

  private void openFiles() {
    Matcher matcher = OPEN_FILES.matcher(host.text("/proc/self/limits"));
    if (!matcher.find()) {
      return;
    }
    String value = matcher.group(1);
    boolean enough = !value.matches("\\d+") || Long.parseLong(value) >= FILES_PROPOSED;
    findings.add(
        enough
            ? Finding.good("a process may open " + value + " files")
            : Finding.hint(
                "a process may open " + value + " files; a mirror keeps one for each that is open",
                "ulimit -n " + FILES_PROPOSED));
  }

  private void control() {
    if (host.has(CONTROL + "/")) {
      findings.add(Finding.good("hanging mounts can be ended through " + CONTROL));
    } else {
      findings.add(
          Finding.hint(
              CONTROL + " is not there: only root can end a hanging mount",
              "mount -t fusectl none " + CONTROL));
    }
  }

  private void readAhead(String file) {
    long size = host.number(file);
    if (size < 0) {
      return;
    }
    String text = "the kernel reads ahead " + size + " KiB";
    findings.add(
        size > READ_AHEAD_USUAL_KIB
            ? Finding.good(text)
            : Finding.hint(
                text + ", so no buffered read is larger; one reader of large files gets more with",
                "echo " + PAGES_PROPOSED + " > " + file));
  }

  private void dirtyRatio(String file) {
    long ratio = host.number(file);
    if (ratio < 0) {
      return;
    }
    String text = "written data may fill " + ratio + " % of the page cache";
    findings.add(
        ratio > RATIO_USUAL
            ? Finding.good(text)
            : Finding.hint(
                text + "; with writeback_cache, writers are held back less with",
                "echo 20 > " + file));
  }
}
