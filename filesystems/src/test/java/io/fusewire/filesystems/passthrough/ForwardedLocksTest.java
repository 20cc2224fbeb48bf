package io.fusewire.filesystems.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.linux.sys.Lock;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.transport.memory.Call;
import io.fusewire.transport.memory.FakeKernel;
import io.fusewire.transport.memory.KernelSettings;
import io.fusewire.transport.memory.OpenFile;
import io.fusewire.transport.memory.RequestFrame;
import io.fusewire.transport.memory.Requests;
import io.fusewire.transport.memory.SimExecutor;
import io.fusewire.wire.Errno;
import io.fusewire.wire.flag.LockFlags;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A lock that must not wait, while the RELEASE of the file that holds it is on its way. */
@Timeout(60)
class ForwardedLocksTest {
  private static final long SEED = 3;
  private static final long TASKS_MAX = 1_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration GRACE = Duration.ofMillis(50);
  private static final int O_RDWR = 2;

  @TempDir private Path directory = Path.of(".");
  private final AtomicLong clock = new AtomicLong();
  private final FakeKernel kernel =
      new FakeKernel(KernelSettings.newest(), new SimExecutor(SEED), SEED);
  private List<OpenFile> open = List.of();
  private PassthroughFileSystem fileSystem;
  private Mount mount;

  @BeforeEach
  void openTwice() throws Exception {
    Files.write(directory.resolve("f"), new byte[10]);
    fileSystem =
        new PassthroughFileSystem(
            directory, PassthroughOptions.defaults().withForwardLocks(true).withDescriptorsMax(16));
    fileSystem.locks.clock = clock::get;
    MountOptions options = MountOptions.create().executor(kernel.executor()).noShutdownHook();
    mount = Fusewire.serve(fileSystem, kernel.transport(), options);
    kernel.connect();
    assertThat(result(kernel.call(Requests.lookup(RawFileSystem.ROOT, "f")))).isZero();
    long node = kernel.nodes().getFirst();
    for (int i = 0; i < 2; i++) {
      assertThat(result(kernel.call(Requests.open(node, O_RDWR)))).isZero();
    }
    open = List.copyOf(kernel.openFiles());
  }

  @AfterEach
  void unmount() {
    kernel.unmount(TASKS_MAX);
    mount.close();
    assertThat(kernel.violations()).isEmpty();
    assertThat(kernel.callsOpen()).isZero();
  }

  private int result(Call call) throws InterruptedException {
    return kernel.await(call, PATIENCE).errno();
  }

  /** A lock of one of the open files, as flock(2) and F_OFD_SETLK ask for it. */
  private Call lock(int file, boolean isFlock, boolean waits) {
    OpenFile locked = open.get(file);
    RequestFrame frame =
        Requests.lock(locked.node(), locked.handle(), 1000 + file, Lock.F_WRLCK, waits);
    return kernel.call(isFlock ? frame.set("lk_flags", LockFlags.FLOCK) : frame);
  }

  /** A SETLK of the second file that finds the first one's lock in the way. */
  private Call held(boolean isFlock) throws InterruptedException {
    assertThat(result(lock(0, isFlock, false))).isZero();
    Call tried = lock(1, isFlock, false);
    kernel.run(TASKS_MAX);
    assertThat(tried.isEnded()).isFalse();
    return tried;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void getsItWhenTheReleaseComes(boolean isFlock) throws InterruptedException {
    Call tried = held(isFlock);
    clock.addAndGet(GRACE.toNanos() - 1);
    assertThat(result(kernel.close(open.get(0)))).isZero();
    assertThat(result(tried)).isZero();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isGivenUpWhenNoReleaseComes(boolean isFlock) throws InterruptedException {
    Call tried = held(isFlock);
    clock.addAndGet(GRACE.toNanos());
    assertThat(result(tried)).isEqualTo(Errno.EAGAIN);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isGivenUpWithASignal(boolean isFlock) throws InterruptedException {
    Call tried = held(isFlock);
    kernel.signal(tried);
    assertThat(result(tried)).isEqualTo(Errno.EAGAIN);
  }

  @Test
  void othersWaitAsLongAsItTakes() throws InterruptedException {
    Call tried = held(false);
    Call waiting = lock(1, false, true);
    clock.addAndGet(GRACE.toNanos());
    assertThat(result(tried)).isEqualTo(Errno.EAGAIN);
    assertThat(waiting.isEnded()).isFalse();
    kernel.signal(waiting);
    assertThat(result(waiting)).isEqualTo(Errno.EINTR);
  }

  @Test
  void isAnsweredWhenTheLocksEnd() throws InterruptedException {
    Call tried = held(false);
    fileSystem.locks.close();
    assertThat(result(tried)).isEqualTo(Errno.ENOLCK);
  }

  @Test
  void isNotTriedAgainForLocksBehindTheMount() throws IOException, InterruptedException {
    try (FileChannel behind = FileChannel.open(directory.resolve("f"), StandardOpenOption.WRITE)) {
      assertThat(behind.lock().isValid()).isTrue();
      assertThat(result(lock(1, false, false))).isEqualTo(Errno.EAGAIN);
    }
  }
}
