package io.fusewire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.raw.AttrReply;
import io.fusewire.raw.Attributes;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Forget;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Later;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.raw.Timeouts;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The life of real mounts, on a file system whose files behave as their names say. */
class MountIT {
  @TempDir Path directory;
  private final Behaving fileSystem = new Behaving();
  private final MountOptions options =
      MountOptions.create().fsName("behaving").closeTimeout(Duration.ofSeconds(3));
  private Mount mount;

  @BeforeAll
  static void requireMounts() {
    RealMounts.require();
  }

  @BeforeEach
  void mountIt() throws IOException {
    mount = Fusewire.mount(fileSystem, directory, options);
  }

  @AfterEach
  void closeIt() {
    mount.close();
    assertThat(fileSystem.destroyed).hasValue(1);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("fusewire-behaving"));
  }

  private String read(String name) throws IOException {
    return Files.readString(directory.resolve(name));
  }

  private static int errno(Throwable failure) {
    return failure instanceof LinuxException exception ? exception.errno() : 0;
  }

  @Test
  void isUsableWhenMountReturns() throws IOException {
    assertThat(mount.state()).isEqualTo(Mount.State.SERVING);
    assertThat(read("inline")).isEqualTo("inline");
    assertThat(read("virtual")).isEqualTo("virtual");
    assertThatThrownBy(() -> read("absent")).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void answersLaterFromAnotherThread() throws IOException {
    assertThat(read("later")).isEqualTo("later");
    assertThat(read("future")).isEqualTo("future");
  }

  @Test
  void lostAnswersAndExceptionsBecomeErrorsAndTheMountLives() throws IOException {
    assertThatThrownBy(() -> read("lost")).hasMessageContaining("Input/output error");
    assertThatThrownBy(() -> read("throws")).hasMessageContaining("Input/output error");
    assertThatThrownBy(() -> read("denied")).hasMessageContaining("Permission denied");
    assertThat(read("inline")).isEqualTo("inline");
  }

  @Test
  void aDroppedReplyBecomesAnErrorOnceItIsCollected() throws Exception {
    CompletableFuture<Throwable> failure = new CompletableFuture<>();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    failure.completeExceptionally(new AssertionError(read("dropped")));
                  } catch (IOException e) {
                    failure.complete(e);
                  }
                });
    while (!failure.isDone()) {
      System.gc(); // NOPMD: the test is about it
      Thread.onSpinWait();
    }
    assertThat(failure.get()).hasMessageContaining("Input/output error");
    reader.join();
  }

  @Test
  void aSecondAnswerThrowsAndAStaleReplyAnswersNobody() throws IOException {
    assertThat(read("twice")).isEqualTo("twice");
    while (fileSystem.secondAnswer.get() == null) { // the caller may be faster than the handler
      Thread.onSpinWait();
    }
    assertThat(fileSystem.secondAnswer.get()).isInstanceOf(IllegalStateException.class);
    assertThat(read("keep")).isEqualTo("keep");
    DataReply stale = fileSystem.kept.get();
    assertThatThrownBy(() -> stale.data(new byte[] {1})).isInstanceOf(IllegalStateException.class);
    assertThat(read("inline")).isEqualTo("inline");
  }

  @Test
  void aSlowHandlerDoesNotStopTheOthers() throws Exception {
    Thread slow =
        Thread.ofPlatform().start(() -> assertThat(readQuietly("slow")).isEqualTo("slow"));
    fileSystem.slowStarted.await();
    for (int i = 0; i < 100; i++) {
      assertThat(read("virtual")).isEqualTo("virtual");
    }
    fileSystem.release.countDown();
    slow.join();
  }

  private String readQuietly(String name) {
    try {
      return read(name);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void busyMountsAnswerEbusyAndGoOnServing() throws IOException {
    try (InputStream open = Files.newInputStream(directory.resolve("inline"))) {
      assertThatThrownBy(() -> mount.unmount())
          .satisfies(failure -> assertThat(errno(failure)).isEqualTo(Errno.EBUSY));
      assertThat(mount.state()).isEqualTo(Mount.State.SERVING);
      assertThat(open.readAllBytes()).isEqualTo("inline".getBytes(StandardCharsets.UTF_8));
    }
    mount.unmount();
    assertThat(mount.state()).isEqualTo(Mount.State.CLOSED);
  }

  @Test
  void closeEndsABusyMount() throws IOException {
    InputStream open = Files.newInputStream(directory.resolve("inline"));
    mount.close();
    assertThat(mount.state()).isEqualTo(Mount.State.CLOSED);
    assertThatThrownBy(open::readAllBytes).isInstanceOf(IOException.class);
    assertThatThrownBy(open::close).isInstanceOf(IOException.class);
  }

  @Test
  void closeEndsAMountWhoseHandlerHangs() throws Exception {
    Thread reader = Thread.ofPlatform().start(() -> readQuietly("slow"));
    fileSystem.slowStarted.await();
    mount.close();
    reader.join();
    assertThat(mount.state()).isEqualTo(Mount.State.CLOSED);
    fileSystem.release.countDown();
  }

  @Test
  void unmountFromOutsideIsNoticed() throws Exception {
    assertThat(new ProcessBuilder("umount", directory.toString()).start().waitFor()).isZero();
    assertThat(mount.join(Duration.ofSeconds(10))).isTrue();
    mount.unmount();
    assertThat(MountTable.at(directory.toRealPath().toString())).isNull();
  }

  @Test
  void manyMountsLiveSideBySide(@TempDir Path other) throws IOException {
    Behaving second = new Behaving();
    try (Mount beside = Fusewire.mount(second, other, MountOptions.create().fsName("beside"))) {
      assertThat(Files.readString(other.resolve("inline"))).isEqualTo("inline");
      assertThat(read("inline")).isEqualTo("inline");
      assertThat(beside.mountPoint()).isEqualTo(other.toRealPath().toString());
    }
    assertThat(second.destroyed).hasValue(1);
    assertThat(read("inline")).isEqualTo("inline");
  }

  @Test
  void lookupsComeBackAsForgets() throws IOException {
    for (int i = 0; i < 300; i++) {
      assertThat(Files.exists(directory.resolve("many" + i))).isTrue();
    }
    long lookups = fileSystem.lookups.get();
    mount.unmount();
    assertThat(lookups).isGreaterThanOrEqualTo(300);
    assertThat(fileSystem.forgotten.get()).isLessThanOrEqualTo(fileSystem.lookups.get());
  }

  @Test
  void negotiatedLimitsAreEffective(@TempDir Path other) throws IOException {
    MountOptions limits = MountOptions.create().option("max_background=33,congestion_threshold=22");
    try (Mount limited = Fusewire.mount(new Behaving(), other, limits)) {
      assertThat(limited.negotiation().maxBackground()).isEqualTo(33);
      assertThat(limited.negotiation().congestionThreshold()).isEqualTo(22);
      assertThat(limited.negotiation().maxWrite()).isEqualTo(1 << 20);
    }
  }

  @Test
  void initFailuresLeaveNothingMounted(@TempDir Path other) throws IOException {
    RawFileSystem failing =
        new RawFileSystem() {
          @Override
          public void init(io.fusewire.raw.Negotiation negotiation) {
            throw new IllegalStateException("no store");
          }
        };
    assertThatThrownBy(() -> Fusewire.mount(failing, other)).hasMessageContaining("no store");
    assertThat(MountTable.at(other.toRealPath().toString())).isNull();
  }

  /** Every name exists but "absent"; reading a file does what its name says. */
  private static final class Behaving implements RawFileSystem {
    final AtomicInteger destroyed = new AtomicInteger();
    final AtomicLong lookups = new AtomicLong();
    final AtomicLong forgotten = new AtomicLong();
    final AtomicReference<DataReply> kept = new AtomicReference<>();
    final AtomicReference<Throwable> secondAnswer = new AtomicReference<>();
    final CountDownLatch slowStarted = new CountDownLatch(1);
    final CountDownLatch release = new CountDownLatch(1);
    private final java.util.Map<Long, String> names =
        new java.util.concurrent.ConcurrentHashMap<>();
    private final Attributes root = FileAttributes.directory(ROOT, 0755);

    @Override
    public Execution execution(Opcode opcode) {
      return opcode == Opcode.LOOKUP ? Execution.INLINE : Execution.VIRTUAL;
    }

    @Override
    public void lookup(Lookup.Request request, EntryReply reply) {
      String name = request.name().toString();
      if (name.equals("absent")) {
        reply.error(Errno.ENOENT);
        return;
      }
      long id = (name.hashCode() & 0xffffffffL) | (1L << 40);
      names.put(id, name);
      lookups.incrementAndGet();
      reply.entry(id, FileAttributes.file(id, 0444, name.length()), Timeouts.NONE);
    }

    @Override
    public void forget(Forget.Request request) {
      forgotten.addAndGet(request.lookups());
    }

    @Override
    public void getattr(Getattr.Request request, AttrReply reply) {
      String name = names.get(request.nodeId());
      reply.attributes(
          name == null ? root : FileAttributes.file(request.nodeId(), 0444, name.length()), 0);
    }

    @Override
    public void read(Read.Request request, DataReply reply) {
      String name = names.getOrDefault(request.nodeId(), "");
      byte[] content = name.getBytes(StandardCharsets.UTF_8);
      switch (name) {
        case "lost" -> {}
        case "throws" -> throw new IllegalArgumentException("a bug of the file system");
        case "denied" -> throw new FuseException(Errno.EACCES);
        case "dropped" -> reply.later();
        case "later" -> {
          DataReply late = reply.later();
          Thread.ofPlatform().start(() -> late.data(content));
        }
        case "future" ->
            Later.complete(
                CompletableFuture.supplyAsync(() -> content),
                reply.later(),
                (bytes, r) -> r.data(bytes));
        case "twice" -> {
          reply.data(content);
          try {
            reply.data(content);
          } catch (IllegalStateException e) {
            secondAnswer.set(e);
          }
        }
        case "keep" -> {
          kept.set(reply);
          reply.data(content);
        }
        case "slow" -> {
          slowStarted.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          reply.data(content);
        }
        default -> reply.data(content, request.offset());
      }
    }

    @Override
    public void destroy() {
      destroyed.incrementAndGet();
    }
  }
}
