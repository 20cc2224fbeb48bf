package io.fusewire.cli;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.mount.MountPoints;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.session.UnknownOptionException;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** The options that all {@code mount} commands share, and what they all do. */
final class MountArguments {
  /** For the end of a command's help. */
  static final String HELP =
      """

      Options of every mount, behind -o, separated by commas (a comma in a value: \\,):
        ro                     nothing can be changed
        noexec, nosuid, nodev  no programs, no set-uid, no device files; the last two
                               are always on but with suid, dev (root only)
        noatime                reading changes no access times
        sync, dirsync          writes (changes of directories) wait for the disk
        allow_other            all users may come in, not only you
        allow_root             root may come in too
        default_permissions    the kernel checks modes and owners (here always on)
        uid=N, gid=N           everything belongs to this user, group
        fsname=, subtype=      what the mount table shows
        nonempty               cover a directory that has content
        auto_unmount           unmount when the server is killed
        replace_stale          first take the mount of a killed server away
        max_read=N, max_write=N, max_readahead=N   bytes of one request
        max_background=N, congestion_threshold=N   requests that wait in the kernel
        direct_io, kernel_cache, auto_cache, writeback_cache   caching in the kernel
        max_stack_depth=1|2    2: backing files of passthrough may lie on overlayfs
        dispatch=inline|virtual|hybrid, workers=N   where handlers run: hybrid, as the
                               file system says; or N threads (0, 1: inline)
        transport=auto|uring|dev, ring_depth=N   requests through io_uring or on
                               /dev/fuse; how many of a CPU at a time
        readers=N, platform_threads=N   threads that read; that sit in system calls
        max_in_flight=N, soft_in_flight=N   requests here; background waits from there
        max_in_flight_mib=N    MiB that these hold; 256 by default
        parking_slots=N, max_waiting=N   requests read above that; that wait by design
        order=none|nodes|nodes_and_names   requests of a node keep their order
        class_weights=metadata:8/foreground:4/background:1   who goes first
        adaptive_limit=N       what runs adapts to a remote store: 4 to N at a time
        interrupt_grace=MS, soft_deadline=MS, hard_deadline=MS   milliseconds until
                               EINTR after a signal, a log line, ETIMEDOUT
        log_metrics=S          a line of figures every S seconds
        time_gran=N            resolution of times in nanoseconds
        More are in docs/guide/mounting.md, how requests run in dispatch.md.
      """;

  @Option(
      names = "-o",
      paramLabel = "OPTIONS",
      description = "Mount options, separated by commas; see below.")
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
      description = "Print a line for each request and each reply; stays in the foreground.")
  private boolean debug;

  private final List<String> own = new ArrayList<>();
  private final List<String> namesOfFileSystem = new ArrayList<>();

  MountArguments() {}

  /** Adds what stands behind a {@code -o}. */
  void addOptions(String text) {
    options.add(text);
  }

  /** Sets an option without a value; false when there is none of this name. */
  boolean set(String word) {
    switch (word) {
      case "-f" -> foreground = true;
      case "-s" -> single = true;
      case "-b", "--background" -> background = true;
      case "-d", "--debug" -> debug = true;
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Takes the options that a file system understands itself out of {@code -o}. */
  List<String> optionsOf(List<String> names) {
    namesOfFileSystem.addAll(names);
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
    try {
      defaults.option(String.join(",", own));
    } catch (UnknownOptionException e) {
      throw e.among(namesOfFileSystem);
    }
    if (single) {
      defaults.readers(1);
    }
    if (debug) {
      defaults.trace(System.err);
    }
    defaults.check(fileSystem);
    makeMountPoint(mountPoint);
    boolean stays = foreground || debug || !background;
    if (!stays && !Background.isChild()) {
      return Background.start();
    }
    if (!stays) {
      leaveTerminal();
    }
    try (Mount mount = Fusewire.mount(fileSystem, mountPoint.toAbsolutePath(), defaults)) {
      String leave = (stays ? "Ctrl-C or " : "") + Invocation.umount(mount.mountPoint());
      System.out.println(what + " is mounted on " + mount.mountPoint() + "; leave with " + leave);
      System.out.flush();
      mount.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return 0;
  }

  /** Neither a signal of the terminal nor our directory ties us to where we were started. */
  private static void leaveTerminal() {
    ProcessCalls.setsid();
    leaveDirectory();
  }

  /** Keeps no mount busy by standing in it; relative paths mean something else from here on. */
  static void leaveDirectory() {
    try (Arena arena = Arena.ofConfined()) {
      ProcessCalls.chdir(CString.of(arena, "/").address());
    }
  }

  private static void makeMountPoint(Path mountPoint) throws LinuxException {
    boolean passed = mountPoint.startsWith("/dev/fd");
    if (passed
        || Files.exists(mountPoint, LinkOption.NOFOLLOW_LINKS)
        || MountPoints.isStale(mountPoint.toString())) {
      return;
    }
    try {
      Files.createDirectories(mountPoint);
    } catch (AccessDeniedException e) {
      throw notMade(e, Errno.EACCES, "You may not write there: mount on a directory of your own.");
    } catch (FileSystemException e) {
      throw new LinuxException(
          "mkdir(\"" + mountPoint + "\") failed: " + reason(e) + ". Mount somewhere else.");
    } catch (IOException e) {
      throw new LinuxException("mkdir(\"" + mountPoint + "\") failed: " + e);
    }
  }

  private static LinuxException notMade(FileSystemException e, int errno, String advice) {
    return new LinuxException("mkdir(\"" + e.getFile() + "\")", errno, advice);
  }

  private static String reason(FileSystemException e) {
    String reason = e.getReason();
    String kind = e.getClass().getSimpleName().replace("Exception", "");
    return e.getFile() + ": " + (reason == null ? kind : reason);
  }
}
