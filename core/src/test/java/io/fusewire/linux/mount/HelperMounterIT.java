package io.fusewire.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.SpawnCalls;
import io.fusewire.wire.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Mounts through the real fusermount3, as root. */
@Timeout(30)
class HelperMounterIT {
  @TempDir Path directory;

  @BeforeEach
  void requireHelper() {
    RealMounts.requireHelper();
  }

  @AfterEach
  void unmountLeftovers() {
    MountPoints.unmount(directory.toString(), true);
  }

  private MountRequest request(boolean autoUnmount, String... options) {
    MountRequest plain = MountRequest.plain(directory.toString(), "a,b\\c");
    return new MountRequest(
        plain.mountPoint(), "a,b\\c", "sub", plain.flags(), List.of(options), false, autoUnmount);
  }

  private MountedDevice mount(boolean autoUnmount) throws LinuxException {
    return new HelperMounter().mount(request(autoUnmount));
  }

  private static int childrenLeft() {
    return SpawnCalls.waitpid(-1, 0, SpawnCalls.WNOHANG);
  }

  @Test
  void theNameReachesTheMountTableAsItIs() throws Exception {
    MountedDevice device = mount(false);
    MountTable.Entry entry = Objects.requireNonNull(MountTable.at(directory.toString()));
    assertThat(entry.source()).isEqualTo("a,b\\c");
    assertThat(entry.type()).isEqualTo("fuse.sub");
    assertThat(entry.id()).isEqualTo(device.mountId());
    assertThat(FileCalls.fcntl(device.descriptor(), Fcntl.GETFD, 0)).isEqualTo(Fcntl.CLOEXEC);
    assertThat(device.unmount(true)).isZero();
    assertThat(device.unmount(true)).isZero();
    device.close();
    assertThat(childrenLeft()).isEqualTo(-Errno.ECHILD);
  }

  @Test
  void noDescriptorAndNoProcessIsLeft() throws Exception {
    for (boolean autoUnmount : new boolean[] {false, true}) {
      cycle(autoUnmount); // classes are loaded now
      List<String> before = RealMounts.openDescriptors();
      cycle(autoUnmount);
      assertThat(RealMounts.openDescriptors()).isEqualTo(before);
      assertThat(childrenLeft()).isEqualTo(-Errno.ECHILD);
    }
  }

  private void cycle(boolean autoUnmount) throws LinuxException {
    MountedDevice device = mount(autoUnmount);
    assertThat(device.unmount(true)).isZero();
    device.close();
    assertThat(device.isMounted()).isFalse();
  }

  @Test
  void withAutoUnmountTheHelperUnmountsWhatIsLeftWhenWeAreGone() throws Exception {
    MountedDevice device = mount(true);
    assertThat(Mounters.forRequest(request(true))).isInstanceOf(HelperMounter.class);
    device.close(); // as the end of the process would
    Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> MountTable.at(directory.toString()) == null);
    assertThat(childrenLeft()).isEqualTo(-Errno.ECHILD);
  }

  @Test
  void closingDoesNotWaitForALaterMountThatHangs() throws Exception {
    MountedDevice device = mount(true);
    assertThat(device.unmount(true)).isZero();
    MountedDevice later = mount(false);
    long begin = System.nanoTime();
    device.close();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(1500));
    assertThat(childrenLeft()).isEqualTo(-Errno.ECHILD);
    assertThat(later.isMounted()).isTrue();
    assertThat(later.unmount(true)).isZero();
    later.close();
  }

  @Test
  void aRefusalIsExplained() {
    assertThatThrownBy(() -> new HelperMounter().mount(request(false, "no_such_option")))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("unknown option 'no_such_option'");
    assertThatThrownBy(() -> new HelperMounter().mount(request(false, "max_read=x")))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("fusermount3(\"" + directory + "\")")
        .hasMessageContaining("refuses an option");
  }

  @Test
  void anOrdinaryUserMountsAndUnmounts() throws Exception {
    Path own = Files.createDirectory(directory.resolve("mnt"));
    Path device = directory.resolve("fuse");
    Path log = directory.resolve("log");
    for (String name : List.of("classes", "test-classes")) {
      Files.createDirectory(directory.resolve(name));
    }
    Files.createFile(device);
    Files.writeString(directory.resolve("fuse.conf"), "mount_max = 1000\n");
    Files.setAttribute(own, "unix:uid", 65534);
    Files.setAttribute(directory, "unix:mode", 0755);
    // In mounts of its own: a device for everybody, and classes that everybody can read.
    String script =
        """
        set -e
        rm fuse && mknod -m 0666 fuse c 10 229 && mount --bind fuse /dev/fuse
        mount --bind fuse.conf /etc/fuse.conf
        mountpoint -q /sys/fs/fuse/connections ||
          mount -t fusectl fusectl /sys/fs/fuse/connections
        mount --bind "$1" classes
        mount --bind "$2" test-classes
        exec setpriv --reuid=65534 --regid=65534 --clear-groups "$3" -Xmx64m \
          --enable-native-access=ALL-UNNAMED --illegal-native-access=deny \
          -cp "$PWD/classes:$PWD/test-classes" %s "$PWD/mnt"
        """
            .formatted(UserMounts.class.getName());
    Process process =
        new ProcessBuilder(
                List.of(
                    "unshare",
                    "--mount",
                    "--propagation",
                    "private",
                    "sh",
                    "-c",
                    script,
                    "sh",
                    classes("classes"),
                    classes("test-classes"),
                    System.getProperty("java.home") + "/bin/java"))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    int status;
    try {
      status = process.waitFor();
    } finally {
      process.destroyForcibly();
    }
    assertThat(Files.readString(log).lines())
        .containsExactly(
            "mounter HelperMounter",
            "mounted fuse.sub a,b\\c",
            "aborted true",
            "unmounted true",
            "allow_other: Add the line user_allow_other to /etc/fuse.conf or mount without"
                + " allow_other and allow_root",
            "directory of others: Mount on a directory of your own",
            "unmounted by the watch true",
            "unmounted 0",
            "a later mount stays true",
            "stale true",
            "replaced true");
    assertThat(status).isZero();
  }

  /** The folder of compiled classes beside the one with the tests, or that one. */
  private static String classes(String name) throws Exception {
    Path here =
        Path.of(RealMounts.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    return here.resolveSibling(name).toRealPath().toString();
  }
}
