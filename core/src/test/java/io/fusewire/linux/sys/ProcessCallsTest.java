package io.fusewire.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ProcessCallsTest {
  private static final int NOBODY = 65534;

  @TempDir Path directory;

  /** Runs on a platform thread of its own, whose credentials die with it. */
  private static <T> T onThread(Callable<T> body) throws Exception {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = Thread.ofPlatform().name("test-credentials").start(task);
    thread.join();
    return task.get();
  }

  private int create(String name) {
    try (Arena arena = Arena.ofConfined()) {
      long path = CString.of(arena, directory.resolve(name).toString()).address();
      int fd = NameCalls.openat(At.FDCWD, path, Open.WRONLY | Open.CREAT | Open.CLOEXEC, 0666);
      return fd < 0 ? fd : FileCalls.close(fd);
    }
  }

  @Test
  void theProcessKnowsItself() {
    assertThat(ProcessCalls.getpid()).isEqualTo((int) ProcessHandle.current().pid());
    assertThat(ProcessCalls.kill(ProcessCalls.getpid(), 0)).isZero();
    assertThat(ProcessCalls.tgkill(ProcessCalls.getpid(), ProcessCalls.gettid(), 0)).isZero();
    assertThat(ProcessCalls.tgkill(ProcessCalls.getpid(), 1, 0)).isEqualTo(-Errno.ESRCH);
    assertThat(ProcessCalls.getuid()).isEqualTo(ProcessCalls.geteuid());
  }

  @Test
  void limitsAreRead() {
    int nofile = 7;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocate(16, 8);
      assertThat(ProcessCalls.getrlimit(nofile, limit.address())).isZero();
      assertThat(limit.get(ValueLayout.JAVA_LONG, 0)).isPositive();
      assertThat(ProcessCalls.setrlimit(nofile, limit.address())).isZero();
      assertThat(ProcessCalls.getrlimit(-1, limit.address())).isEqualTo(-Errno.EINVAL);
    }
  }

  @Test
  void aThreadIsBoundToOneProcessor() throws Exception {
    long after =
        onThread(
            () -> {
              try (Arena arena = Arena.ofConfined()) {
                MemorySegment mask = arena.allocate(128, 8);
                assertThat(ProcessCalls.schedGetaffinity(0, 128, mask.address())).isZero();
                long first = Long.lowestOneBit(mask.get(ValueLayout.JAVA_LONG, 0));
                mask.set(ValueLayout.JAVA_LONG, 0, first);
                assertThat(ProcessCalls.schedSetaffinity(0, 128, mask.address())).isZero();
                assertThat(ProcessCalls.schedGetaffinity(0, 128, mask.address())).isZero();
                return mask.get(ValueLayout.JAVA_LONG, 0);
              }
            });
    assertThat(Long.bitCount(after)).isOne();
  }

  @Test
  void aThreadCanHaveAUmaskOfItsOwn() throws Exception {
    assertThat(create("before")).isZero();
    onThread(
        () -> {
          assertThat(ProcessCalls.unshare(ProcessCalls.CLONE_FS)).isZero();
          assertThat(ProcessCalls.umask(0077)).isNotNegative();
          assertThat(create("own")).isZero();
          return 0;
        });
    assertThat(create("after")).isZero();
    assertThat(mode("own")).isEqualTo(0600);
    assertThat(mode("after")).isEqualTo(mode("before")).isNotEqualTo(0600);
  }

  @Test
  void aThreadCanHaveAWorkingDirectoryOfItsOwn() throws Exception {
    onThread(
        () -> {
          assertThat(ProcessCalls.unshare(ProcessCalls.CLONE_FS)).isZero();
          try (Arena arena = Arena.ofConfined()) {
            assertThat(ProcessCalls.chdir(CString.of(arena, "/proc").address())).isZero();
            assertThat(ProcessCalls.chdir(CString.of(arena, "/proc/none").address()))
                .isEqualTo(-Errno.ENOENT);
          }
          return assertThat(Path.of("/proc/thread-self/cwd").toRealPath()).hasToString("/proc");
        });
    assertThat(Path.of("/proc/self/cwd").toRealPath()).isEqualTo(Path.of("").toRealPath());
  }

  private int mode(String name) throws Exception {
    return (int) Files.getAttribute(directory.resolve(name), "unix:mode") & 0777;
  }

  @Test
  void credentialsOfOneThreadLeaveTheOthersAlone() throws Exception {
    assumeTrue(ProcessCalls.geteuid() == 0, "root");
    Files.setAttribute(directory, "unix:mode", 0777);
    onThread(
        () -> {
          assertThat(ThreadCredentials.setgroups(0, 0)).isZero();
          assertThat(ThreadCredentials.setresgid(-1, NOBODY, -1)).isZero();
          assertThat(ThreadCredentials.setresuid(-1, NOBODY, -1)).isZero();
          assertThat(create("of nobody")).isZero();
          int other = onThread(() -> ProcessCalls.geteuid()); // a child thread inherits them
          assertThat(other).isEqualTo(NOBODY);
          assertThat(ThreadCredentials.setresuid(-1, 0, -1)).isZero();
          assertThat(ThreadCredentials.setresgid(-1, 0, -1)).isZero();
          return 0;
        });
    assertThat(ProcessCalls.geteuid()).isZero();
    assertThat(create("of root")).isZero();
    assertThat(Files.getAttribute(directory.resolve("of nobody"), "unix:uid")).isEqualTo(NOBODY);
    assertThat(Files.getAttribute(directory.resolve("of nobody"), "unix:gid")).isEqualTo(NOBODY);
    assertThat(Files.getAttribute(directory.resolve("of root"), "unix:uid")).isEqualTo(0);
  }

  @Test
  void theFileSystemUserIsSetAndTold() throws Exception {
    assumeTrue(ProcessCalls.geteuid() == 0, "root");
    onThread(
        () -> {
          assertThat(ThreadCredentials.setfsgid(NOBODY)).isZero();
          assertThat(ThreadCredentials.setfsuid(NOBODY)).isZero();
          assertThat(ThreadCredentials.setfsuid(-1)).isEqualTo(NOBODY);
          assertThat(ThreadCredentials.setfsgid(-1)).isEqualTo(NOBODY);
          assertThat(create("refused")).isEqualTo(-Errno.EACCES); // the directory is root's
          return 0;
        });
    assertThat(ThreadCredentials.setfsuid(-1)).isZero();
  }

  @Test
  void capabilitiesAreDroppedForOneThread() throws Exception {
    assumeTrue(ProcessCalls.geteuid() == 0, "root");
    long chown = 1L << CapabilityBuffer.CAP_CHOWN;
    onThread(
        () -> {
          try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(CapabilityBuffer.BYTES, 4);
            CapabilityBuffer.prepare(buffer);
            assertThat(ThreadCredentials.capget(buffer.address())).isZero();
            long before = CapabilityBuffer.effective(buffer);
            assertThat(before & chown).isNotZero();
            assertThat(CapabilityBuffer.permitted(buffer) & before).isEqualTo(before);
            CapabilityBuffer.setEffective(buffer, before & ~chown);
            assertThat(ThreadCredentials.capset(buffer.address())).isZero();
            assertThat(create("mine")).isZero();
            long path = CString.of(arena, directory + "/mine").address();
            assertThat(NameCalls.fchownat(At.FDCWD, path, NOBODY, -1, 0)).isEqualTo(-Errno.EPERM);
            assertThat(ThreadCredentials.capget(buffer.address())).isZero();
            assertThat(CapabilityBuffer.effective(buffer)).isEqualTo(before & ~chown);
            return 0;
          }
        });
  }

  @Test
  void nativeMemoryIsZeroAndPageAligned() {
    MemorySegment memory = NativeMemory.allocate(10_000);
    assertThat(memory.address() % 4096).isZero();
    assertThat(memory.byteSize()).isEqualTo(10_000);
    assertThat(memory.get(ValueLayout.JAVA_LONG, 9_992)).isZero();
    memory.set(ValueLayout.JAVA_LONG, 0, 1);
    memory.set(ValueLayout.JAVA_LONG, 4096, 2);
    NativeMemory.discard(memory, 4096, 4096);
    assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isOne();
    assertThat(memory.get(ValueLayout.JAVA_LONG, 4096)).isZero();
    NativeMemory.free(memory);
    assertThatThrownBy(() -> NativeMemory.allocate(Long.MAX_VALUE / 2))
        .isInstanceOf(OutOfMemoryError.class);
  }
}
