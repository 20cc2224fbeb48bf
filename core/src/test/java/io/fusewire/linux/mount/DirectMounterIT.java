package io.fusewire.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.ChannelCalls;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.MountCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.PollBuffer;
import io.fusewire.linux.sys.SpawnCalls;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real mounts that nobody serves: enough for their beginning and their end. */
@Timeout(30)
class DirectMounterIT {
  @TempDir Path directory;

  @BeforeEach
  void requireMounts() {
    RealMounts.require();
  }

  @AfterEach
  void unmountLeftovers() throws IOException {
    for (MountTable.Entry entry : MountTable.read().reversed()) {
      if (entry.mountPoint().startsWith(directory.toString())) {
        MountPoints.unmount(entry.mountPoint(), true);
      }
    }
  }

  private MountRequest request() {
    return MountRequest.plain(directory.toString(), "tests");
  }

  private MountTable.Entry entry() throws IOException {
    return Objects.requireNonNull(MountTable.at(directory.toString()));
  }

  private MountedDevice mount() throws LinuxException {
    return mount(request());
  }

  private static MountedDevice mount(MountRequest request) throws LinuxException {
    return new DirectMounter().mount(request);
  }

  private static void end(MountedDevice device) {
    assertThat(device.unmount(true)).isZero();
    device.close();
  }

  @Test
  void theMountTableShowsNameTypeAndFlagsAsTheyWereAsked() throws Exception {
    MountRequest plain = request();
    MountedDevice device =
        mount(
            new MountRequest(
                plain.mountPoint(),
                "a,b\\c d",
                "sub.type",
                plain.flags() | MountFlags.NOEXEC,
                List.of("max_read=65536"),
                false,
                false));
    MountTable.Entry entry = entry();
    assertThat(entry.id()).isEqualTo(device.mountId());
    assertThat(entry.source()).isEqualTo("a,b\\c d");
    assertThat(entry.type()).isEqualTo("fuse.sub.type");
    assertThat(Files.readString(Path.of("/proc/self/mounts")))
        .contains(
            directory
                + " fuse.sub.type"
                + " rw,nosuid,nodev,noexec,relatime,user_id=0,group_id=0,max_read=65536");
    assertThat(device.mountPoint()).isEqualTo(directory.toString());
    end(device);
    assertThat(MountTable.at(directory.toString())).isNull();
  }

  @Test
  void mountingAndUnmountingLeavesNoDescriptorOpen() throws Exception {
    end(mount()); // classes are loaded now
    List<String> before = RealMounts.openDescriptors();
    end(mount());
    assertFails(Errno.ENOENT, () -> mount(MountRequest.plain(directory + "/none", "x")));
    assertFails(Errno.EINVAL, () -> mount(withOption("no_such_option")));
    assertThat(RealMounts.openDescriptors()).isEqualTo(before);
  }

  @Test
  void programsThatAreStartedDoNotGetTheDescriptor() throws Exception {
    MountedDevice device = mount();
    assertThat(FileCalls.fcntl(device.descriptor(), Fcntl.GETFD, 0) & Fcntl.CLOEXEC).isOne();
    assertThat(descriptorsOfAChild()).contains("/proc/").doesNotContain("fuse");
    end(device);
  }

  /** Starts a child that gets all that is not closed on exec, and lists what it got. */
  private static String descriptorsOfAChild() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pair = arena.allocate(8, 4);
      ChannelCalls.pipe(pair.address(), Open.CLOEXEC);
      MemorySegment actions = arena.allocate(256, 8);
      SpawnCalls.actionsInit(actions.address());
      SpawnCalls.actionsDup(actions.address(), pair.get(ValueLayout.JAVA_INT, 4), 1);
      MemorySegment arguments = arena.allocate(4 * 8, 8);
      String[] words = {"/bin/ls", "-l", "/proc/self/fd"};
      for (int i = 0; i < words.length; i++) {
        arguments.setAtIndex(ValueLayout.JAVA_LONG, i, CString.of(arena, words[i]).address());
      }
      MemorySegment pid = arena.allocate(4, 4);
      long path = CString.of(arena, words[0]).address();
      long environment = arena.allocate(8, 8).address();
      assertThat(
              SpawnCalls.spawn(
                  pid.address(), path, actions.address(), 0, arguments.address(), environment))
          .isZero();
      FileCalls.close(pair.get(ValueLayout.JAVA_INT, 4));
      assertThat(SpawnCalls.waitpid(pid.get(ValueLayout.JAVA_INT, 0), 0, 0)).isPositive();
      MemorySegment text = arena.allocate(65536);
      int out = pair.get(ValueLayout.JAVA_INT, 0);
      long bytes = FileCalls.read(out, text.address(), text.byteSize());
      FileCalls.close(out);
      return new String(
          text.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
  }

  @Test
  void unmountingTwiceOrAfterAnUnmountFromOutsideSucceeds() throws Exception {
    MountedDevice device = mount();
    assertThat(device.isMounted()).isTrue();
    assertThat(MountPoints.unmount(directory.toString(), true)).isZero();
    assertThat(device.isMounted()).isFalse();
    assertThat(device.unmount(false)).isZero();
    assertThat(device.unmount(true)).isZero();
    device.close();
  }

  @Test
  void aLaterMountWithTheSameIdsIsNotTakenAway() throws Exception {
    MountedDevice first = mount();
    assertThat(MountPoints.unmount(directory.toString(), true)).isZero();
    MountedDevice second = mount();
    MountTable.Entry entry = entry();
    assertThat(first.isMounted()).isFalse();
    assertThat(first.unmount(true)).isZero();
    assertThat(second.isMounted()).isTrue();

    // The same where the kernel knows no unique ids; the first has all the second's numbers.
    MountedDevice old = new MountedDevice(first.descriptor(), entry, 0, false, null);
    assertThat(old.isMounted()).isFalse();
    assertThat(new MountedDevice(second.descriptor(), entry, 0, false, null).isMounted()).isTrue();
    first.close();
    end(second);
  }

  @Test
  void aMountUnderAnotherIsBusyAndTheOtherStays() throws Exception {
    MountedDevice device = mount();
    try (Arena arena = Arena.ofConfined()) {
      long type = CString.of(arena, "tmpfs").address();
      long path = CString.of(arena, directory.toString()).address();
      assertThat(MountCalls.mount(type, path, type, 0, 0)).isZero();
    }
    assertThat(device.isMounted()).isTrue();
    assertThat(device.unmount(true)).isEqualTo(-Errno.EBUSY);
    assertThat(MountPoints.unmount(directory.toString(), false)).isZero();
    assertThat(device.isMounted()).isTrue();
    end(device);
  }

  @Test
  void abortingEndsTheConnectionAndTheMountCanStillBeTakenAway() throws Exception {
    MountedDevice device = mount();
    FuseConnection connection = device.connection();
    assertThat(connection.number()).isPositive();
    assertThat(connection.waiting()).isEqualTo(1); // INIT, which nobody answered
    assertThat(connection.abort()).isZero();
    assertThat(revents(device.descriptor()) & PollBuffer.POLLERR).isNotZero();
    assertThat(device.isMounted()).isTrue();
    assertThat(device.unmount(false)).isZero();
    device.close();
    assertThat(connection.abort()).isEqualTo(-Errno.ENOENT);
    assertThat(connection.waiting()).isEqualTo(-Errno.ENOENT);
  }

  private static int revents(int fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment poll = arena.allocate(PollBuffer.BYTES, 4);
      PollBuffer.FD.set(poll, 0, fd);
      FileCalls.poll(poll.address(), 1, 0);
      return PollBuffer.REVENTS.get(poll, 0);
    }
  }

  @Test
  void theLimitsOfTheConnectionCanBeReadAndChanged() throws Exception {
    MountedDevice device = mount();
    FuseConnection connection = device.connection();
    assertThat(connection.maxBackground(33)).isZero();
    assertThat(connection.congestionThreshold(22)).isZero();
    assertThat(connection.maxBackground()).isEqualTo(33);
    assertThat(connection.congestionThreshold()).isEqualTo(22);
    end(device);
  }

  @Test
  void theMountOfADeadServerIsSeenExplainedAndReplaced() throws Exception {
    MountedDevice dead = mount();
    assertThat(MountPoints.replaceStale(directory.resolveSibling("none").toString())).isFalse();
    FileCalls.close(dead.descriptor());
    assertThat(MountPoints.isStale(directory.toString())).isTrue();
    assertFails(Errno.ENOTCONN, this::mount).hasMessageContaining("replace_stale");
    assertThat(MountPoints.replaceStale(directory.toString())).isTrue();
    assertThat(MountPoints.isStale(directory.toString())).isFalse();
    assertThat(MountPoints.replaceStale(directory.toString())).isFalse();
    end(mount());
  }

  @Test
  void aServerThatDoesNotAnswerIsNotTakenForDeadAndHoldsNobodyUp() throws Exception {
    MountedDevice silent = mount();
    assertThat(MountPoints.isStale(directory.toString())).isFalse();
    assertFails(Errno.ETIMEDOUT, this::mount);
    assertThat(silent.connection().abort()).isZero(); // frees the threads that ask
    end(silent);
  }

  @Test
  void aDirectoryWithContentIsCoveredOnlyWhenAsked() throws Exception {
    Files.createFile(directory.resolve("file"));
    assertFails(Errno.ENOTEMPTY, this::mount);
    MountRequest plain = request();
    end(
        mount(
            new MountRequest(
                plain.mountPoint(), "x", null, plain.flags(), List.of(), true, false)));
    Files.delete(directory.resolve("file"));
  }

  @Test
  void whatIsNoDirectoryIsRefused() throws Exception {
    Path file = Files.createFile(directory.resolve("file"));
    assertFails(Errno.ENOTDIR, () -> mount(MountRequest.plain(file.toString(), "x")));
    assertFails(Errno.ENOENT, () -> mount(MountRequest.plain(directory + "/a/b", "x")));
  }

  @Test
  void aSymbolicLinkLeadsToItsDirectory() throws Exception {
    Path real = Files.createDirectory(directory.resolve("real one"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), real);
    MountedDevice device = mount(MountRequest.plain(link.toString(), "x"));
    assertThat(device.mountPoint()).isEqualTo(real.toString());
    end(device);
  }

  @Test
  void aPassedDescriptorIsServedAndItsMountLeftToOthers() throws Exception {
    MountedDevice mounted = mount();
    MountRequest request = MountRequest.plain("/dev/fd/" + mounted.descriptor(), "x");
    assertThat(Mounters.forRequest(request)).isInstanceOf(PassedDescriptorMounter.class);
    FileCalls.fcntl(mounted.descriptor(), Fcntl.SETFD, 0);
    MountedDevice passed = Mounters.forRequest(request).mount(request);
    assertThat(passed.descriptor()).isEqualTo(mounted.descriptor());
    assertThat(FileCalls.fcntl(passed.descriptor(), Fcntl.GETFD, 0)).isEqualTo(Fcntl.CLOEXEC);
    assertThat(passed.connection().abort()).isZero();
    assertThat(passed.unmount(true)).isZero();
    assertThat(mounted.isMounted()).isTrue();
    end(mounted);
  }

  private MountRequest withOption(String option) {
    MountRequest plain = request();
    return new MountRequest(
        plain.mountPoint(), "x", null, plain.flags(), List.of(option), false, false);
  }

  private static AbstractThrowableAssert<?, ?> assertFails(int errno, ThrowingCallable call) {
    return assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            LinuxException.class,
            e -> assertThat(Errno.name(e.errno())).isEqualTo(Errno.name(errno)));
  }
}
