package io.fusewire.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.mount.MountRequest;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.linux.mount.MountedDevice;
import io.fusewire.linux.mount.Mounters;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.SpawnCalls;
import io.fusewire.testkit.Shell;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The life of mounts of the command line, from the first line to every kind of end. */
@Timeout(60)
class MountCommandIT {
  private static final int SECONDS = 20;

  @TempDir Path temporary;
  private Path directory = Path.of("");
  private Path mountPoint = Path.of("");
  private Path errors = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    directory = temporary.toRealPath();
    Mounts.require();
    mountPoint = directory.resolve("a mount, point");
    errors = Files.createFile(directory.resolve("errors"));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    Mounts.assertNoneBelow(directory);
  }

  private Process mount(String... options) throws Exception {
    List<String> words = new ArrayList<>(List.of("mount", "memory", mountPoint.toString()));
    words.addAll(List.of(options));
    return CommandProcess.mount(errors.toFile(), words.toArray(String[]::new));
  }

  private static int ended(Process process) throws InterruptedException {
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).as("it ends").isTrue();
    return process.exitValue();
  }

  @Test
  void inTheBackgroundItReturnsWhenTheMountIsUsable() throws Exception {
    CommandProcess.Result result =
        CommandProcess.run("mount", "memory", mountPoint.toString(), "--background");
    assertThat(result.status()).isZero();
    assertThat(result.out())
        .startsWith("A file system in memory (1024 MiB) is mounted on " + mountPoint)
        .contains("; leave with ", "umount '" + mountPoint + "'");
    Path file = Files.writeString(mountPoint.resolve("file"), "text");
    assertThat(Files.readString(file)).isEqualTo("text");

    CommandProcess.Result again =
        CommandProcess.run("mount", "memory", mountPoint.toString(), "--background");
    assertThat(again.status()).isEqualTo(1);
    assertThat(again.err()).contains("ENOTEMPTY", "nonempty");

    assertThat(CommandProcess.run("umount", mountPoint.toString()).status()).isZero();
    assertThat(Mounts.isMounted(mountPoint)).isFalse();
  }

  @Test
  void sigtermAndCtrlCUnmount() throws Exception {
    for (String signal : List.of("TERM", "INT", "HUP")) {
      Process server = mount("-f");
      Files.writeString(mountPoint.resolve("file"), "text");
      Shell.run(directory, "kill -" + signal + " " + server.pid());
      assertThat(ended(server)).isGreaterThan(128);
      assertThat(Mounts.isMounted(mountPoint)).isFalse();
      assertThat(Files.readString(errors)).isEmpty();
    }
  }

  @Test
  void anUnmountFromOutsideEndsItInOrder() throws Exception {
    for (String command : List.of("umount", "umount -l", "fusermount3 -u")) {
      Process server = mount();
      Shell.run(directory, command + " 'a mount, point'");
      assertThat(ended(server)).isZero();
    }
    assertThat(Files.readString(errors)).isEmpty();
  }

  @Test
  void afterKillClientsGetAnErrorAndTheNextMountRecoversThePlace() throws Exception {
    Process server = mount();
    Files.writeString(mountPoint.resolve("file"), "text");
    try (InputStream open = Files.newInputStream(mountPoint.resolve("file"))) {
      server.destroyForcibly();
      ended(server);
      assertThat(mountPoint.toFile().list()).as("a listing fails").isNull();
      assertThatThrownBy(() -> Files.writeString(mountPoint.resolve("new"), "x"))
          .isInstanceOf(IOException.class);
      assertThat(open).isNotNull();
    } catch (IOException e) {
      assertThat(e).as("closing the file of a dead server").hasMessageContaining("not connected");
    }
    CommandProcess.Result refused = CommandProcess.run("mount", "memory", mountPoint.toString());
    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.err()).contains("ENOTCONN", "-o replace_stale", "umount -l");
    Process next = mount("-o", "replace_stale");
    assertThat(mountPoint).isEmptyDirectory();
    assertThat(CommandProcess.run("umount", mountPoint.toString()).status()).isZero();
    assertThat(ended(next)).isZero();
  }

  @Test
  void autoUnmountClearsThePlaceOfAKilledServer() throws Exception {
    Process server = mount("-o", "auto_unmount");
    server.destroyForcibly();
    ended(server);
    Awaitility.await()
        .atMost(Duration.ofSeconds(SECONDS))
        .until(() -> !Mounts.isMounted(mountPoint));
  }

  @Test
  void umountIsNotBusyBecauseItStandsThere() throws Exception {
    Process server = mount();
    List<String> words = CommandProcess.words(CommandProcess.locations(), "umount", ".");
    Shell.run(mountPoint, "exec \"$@\"", words.toArray(String[]::new));
    assertThat(ended(server)).isZero();
  }

  @Test
  void umountOfABusyMountNamesWhoHoldsIt() throws Exception {
    Process server = mount();
    Path file = Files.writeString(mountPoint.resolve("file"), "text");
    try (InputStream open = Files.newInputStream(file)) {
      CommandProcess.Result busy = CommandProcess.run("umount", mountPoint.toString());
      assertThat(busy.status()).isEqualTo(1);
      assertThat(busy.err())
          .contains("EBUSY", "(pid " + ProcessHandle.current().pid() + ")", "--lazy");
      assertThat(open.readAllBytes()).hasSize(4);
    }
    assertThat(CommandProcess.run("umount", mountPoint.toString()).status()).isZero();
    assertThat(ended(server)).isZero();
  }

  @Test
  void debugPrintsALineForEachRequestAndEachReply() throws Exception {
    Process server = mount("--debug");
    Files.writeString(mountPoint.resolve("two words"), "text");
    assertThat(CommandProcess.run("umount", mountPoint.toString()).status()).isZero();
    assertThat(ended(server)).isZero();
    List<String> lines = Files.readAllLines(errors);
    assertThat(lines).allMatch(line -> line.startsWith("-> ") || line.startsWith("<- "));
    assertThat(lines).anyMatch(line -> line.matches("-> CREATE unique=\\d+ node=1 .*two words.*"));
    String create = " flags=0[0-7]{4,} mode=0100[0-7]{3} umask=0[0-7]* ";
    assertThat(lines).as("octal").anyMatch(line -> line.matches("-> CREATE .*" + create + ".*"));
    assertThat(lines).anyMatch(line -> line.matches("-> WRITE .* offset=0 size=4 .*"));
    assertThat(lines).anyMatch(line -> line.matches("<- LOOKUP unique=\\d+ ENOENT .*"));
  }

  @Test
  void figuresAreShownOnTheTerminalWhenAskedFor() throws Exception {
    Process server = mount("-o", "log_metrics=1");
    Awaitility.await()
        .atMost(Duration.ofSeconds(SECONDS))
        .until(
            () -> {
              Files.exists(mountPoint.resolve("none"));
              return Files.readString(errors)
                  .lines()
                  .anyMatch(line -> line.matches("INFO: memory-1: [1-9]\\d* ops/s, in flight .*"));
            });
    assertThat(CommandProcess.run("umount", mountPoint.toString()).status()).isZero();
    assertThat(ended(server)).isZero();
  }

  @Test
  void noatimeReachesTheFileSystem() throws Exception {
    String script =
        """
        cd 'a mount, point'; echo text > f; touch -a -d 2001-01-01 f; cat f > /dev/null
        stat -c %x f | cut -c 1-4
        """;
    Process server = mount("-o", "strictatime");
    assertThat(Shell.run(directory, script)).isNotEqualTo("2001\n");
    CommandProcess.run("umount", mountPoint.toString());
    ended(server);
    server = mount("-o", "noatime");
    assertThat(Shell.run(directory, script)).isEqualTo("2001\n");
    CommandProcess.run("umount", mountPoint.toString());
    ended(server);
  }

  @Test
  void mountAndFstabStartItAsAHelper() throws Exception {
    Path launcher = directory.resolve("fusewire");
    List<String> words = CommandProcess.words(CommandProcess.locations());
    Files.writeString(launcher, "#!/bin/sh\nexec " + String.join(" ", words) + " \"$@\"\n");
    Files.setAttribute(launcher, "unix:mode", 0755);
    Files.createDirectory(directory.resolve("source"));
    Files.writeString(directory.resolve("source/file"), "text");
    Files.writeString(
        directory.resolve("fstab"),
        directory + "/source " + directory + "/b fuse.fusewire ro,nofail,_netdev 0 0\n");
    // mount(8) searches its own PATH: in a mount namespace it finds the launcher there.
    String script =
        """
        mount -t tmpfs tmpfs /usr/local/bin; cp fusewire /usr/local/bin; mkdir a b
        mount -t fuse.fusewire memory a -o size=8m
        test $(($(stat -f -c '%b * %S' a))) = 8388608; umount a
        mount -t fuse.fusewire passthrough#$PWD/source a; test $(cat a/file) = text; umount a
        mount -a -T fstab; grep "^$PWD/source $PWD/b fuse.fusewire ro," /proc/mounts
        test $(cat b/file) = text; umount b
        ! mount -t fuse.fusewire memory a -o no_such 2> said
        grep 'unknown mount option: no_such' said
        """;
    Shell.run(directory, "exec unshare --mount --propagation private sh -euc \"$1\"", script);
  }

  @Test
  void aDescriptorThatOthersMountedIsServed() throws Exception {
    Files.createDirectory(mountPoint);
    MountedDevice device =
        Mounters.forThisProcess().mount(MountRequest.plain(mountPoint.toString(), "passed"));
    int pid = 0;
    try {
      FileCalls.fcntl(device.descriptor(), Fcntl.SETFD, 0);
      String place = "/dev/fd/" + device.descriptor();
      pid = spawn(CommandProcess.words(CommandProcess.locations(), "mount", "memory", place));
      // The first access waits for the handshake.
      Path file = Files.writeString(mountPoint.resolve("file"), "text");
      assertThat(Files.readString(file)).isEqualTo("text");
      assertThat(Objects.requireNonNull(MountTable.at(mountPoint.toString())).source())
          .isEqualTo("passed");
    } finally {
      device.unmount(pid == 0);
      device.close();
    }
    assertThat(SpawnCalls.waitpid(pid, 0, 0)).as("its server ends").isEqualTo(pid);
  }

  /** Starts a program that gets every descriptor that is not closed on exec. */
  private static int spawn(List<String> words) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment arguments = arena.allocate((words.size() + 1L) * Long.BYTES, Long.BYTES);
      for (int i = 0; i < words.size(); i++) {
        arguments.setAtIndex(ValueLayout.JAVA_LONG, i, CString.of(arena, words.get(i)).address());
      }
      MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
      long environment = arena.allocate(Long.BYTES, Long.BYTES).address();
      long program = CString.of(arena, words.getFirst()).address();
      assertThat(SpawnCalls.spawn(pid.address(), program, 0, 0, arguments.address(), environment))
          .isZero();
      return pid.get(ValueLayout.JAVA_INT, 0);
    }
  }
}
