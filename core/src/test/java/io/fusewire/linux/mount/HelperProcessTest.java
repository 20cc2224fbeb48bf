package io.fusewire.linux.mount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.throwable;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.SpawnCalls;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A helper that misbehaves in every way, played by a shell script. */
@Timeout(30)
class HelperProcessTest {
  private static final int MILLIS = 300;

  @TempDir Path directory;

  private Path helper(String script) throws IOException {
    Path program = directory.resolve("helper");
    Files.writeString(program, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  private MountRequest request() {
    return MountRequest.plain("/nowhere", "name");
  }

  private LinuxException failure(String script) throws IOException {
    return failure(script, request());
  }

  private LinuxException failure(String script, MountRequest request) throws IOException {
    Path program = helper(script);
    return assertThatThrownBy(() -> Fusermount.mount(program, request, List.of("a", "b=c"), MILLIS))
        .asInstanceOf(throwable(LinuxException.class))
        .actual();
  }

  @Test
  void aHelperThatEndsWithoutPassingADescriptorIsAnError() throws Exception {
    LinuxException failure = failure("exit 0");
    assertThat(failure.errno()).isEqualTo(Errno.EPIPE);
    assertThat(failure).hasMessageContaining("without a word");
  }

  @Test
  void aHelperThatStaysSilentIsGivenUpAfterTheTimeAndEnded() throws Exception {
    Path pid = directory.resolve("pid");
    LinuxException failure = failure("echo $$ > " + pid + "; exec sleep 1000");
    assertThat(failure.errno()).isEqualTo(Errno.ETIMEDOUT);
    assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))).isEmpty();
  }

  @Test
  void whatTheHelperSaysIsInTheMessage() throws Exception {
    assertThat(failure("echo I do not like you >&2; exit 1"))
        .hasMessageContaining("/nowhere")
        .hasMessageContaining("I do not like you");
    assertThat(failure("echo \"option allow_other only if 'user_allow_other' is set\" >&2; exit 1"))
        .hasMessageContaining("/etc/fuse.conf");
  }

  @Test
  void whatIsMountedThereAlreadyIsNamedWhereItIsInTheWay() throws Exception {
    MountRequest request = MountRequest.plain("/proc", "name");
    assertThat(failure("echo failed to access mountpoint /proc: Permission denied >&2", request))
        .hasMessageContaining("proc (proc) is mounted there already");
    assertThat(failure("echo \"option allow_other: no 'user_allow_other'\" >&2", request))
        .hasMessageContaining("/etc/fuse.conf")
        .hasMessageNotContaining("already");
  }

  @Test
  void theHelperGetsItsArgumentsAndTheNumberOfItsSocket() throws Exception {
    assertThat(failure("echo \"$@\" $_FUSE_COMMFD >&2"))
        .hasMessageContaining("-o a,b=c -- /nowhere 3");
  }

  @Test
  void theHelperGetsItsSocketAndNothingElseOfOurOpenFiles() throws Exception {
    Path secret = Files.createFile(directory.resolve("secret"));
    try (Arena arena = Arena.ofConfined()) {
      // Inherited unless somebody takes care.
      int fd =
          NameCalls.openat(
              At.FDCWD, CString.of(arena, secret.toString()).address(), Open.RDONLY, 0);
      assertThat(fd).isPositive();
      LinuxException failure = failure("exec ls -l /proc/self/fd >&2");
      FileCalls.close(fd);
      assertThat(failure)
          .hasMessageContaining("0 -> /dev/null")
          .hasMessageContaining("2 -> pipe:")
          .hasMessageContaining("3 -> socket:")
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void aProgramThatCannotBeStartedIsAnErrorAndLeavesNothingOpen() throws Exception {
    List<String> arguments = List.of(directory + "/none");
    Runnable start =
        () ->
            assertThatThrownBy(() -> HelperProcess.start(arguments, true))
                .asInstanceOf(throwable(LinuxException.class))
                .satisfies(e -> assertThat(e.errno()).isEqualTo(Errno.ENOENT));
    start.run();
    List<String> before = RealMounts.openDescriptors();
    start.run();
    failure("exit 3");
    assertThat(RealMounts.openDescriptors()).isEqualTo(before);
  }

  @Test
  void endedHelpersAreReaped() throws Exception {
    HelperProcess helper = HelperProcess.start(List.of(helper("exit 7").toString()), false);
    assertThat(helper.awaitExit(10_000)).isEqualTo(7 << 8);
    helper.close();
    assertThat(SpawnCalls.waitpid(-1, 0, SpawnCalls.WNOHANG)).isEqualTo(-Errno.ECHILD);
  }

  @Test
  void commaAndBackslashInNamesAreEscaped() {
    MountRequest request =
        new MountRequest(
            "/m", "a,b\\c", "s,t", MountFlags.NODEV, List.of("allow_other"), false, true);
    assertThat(HelperMounter.options(request))
        .containsExactly(
            "fsname=a\\,b\\\\c", "subtype=s\\,t", "nodev", "allow_other", "auto_unmount");
  }
}
