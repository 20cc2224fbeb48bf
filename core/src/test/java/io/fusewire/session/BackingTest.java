package io.fusewire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.Logs;
import io.fusewire.raw.AttrReply;
import io.fusewire.raw.Create;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Release;
import io.fusewire.raw.Timeouts;
import io.fusewire.transport.memory.Call;
import io.fusewire.transport.memory.FakeKernel;
import io.fusewire.transport.memory.KernelSettings;
import io.fusewire.transport.memory.OpenFile;
import io.fusewire.transport.memory.RequestFrame;
import io.fusewire.transport.memory.Requests;
import io.fusewire.transport.memory.SimExecutor;
import io.fusewire.wire.Errno;
import io.fusewire.wire.NotifyCode;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.OpenFlags;
import io.fusewire.wire.struct.AttrOut;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Backing files over a kernel that the test plays, which refuses what Linux refuses. */
@Timeout(30)
class BackingTest {
  private static final long FILE = 2;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final long TASKS_MAX = 100_000;

  private final Files fileSystem = new Files();
  private FakeKernel kernel = kernel(KernelSettings.newest());
  private Mount mount = serve(MountOptions.create());

  private static FakeKernel kernel(KernelSettings settings) {
    return new FakeKernel(settings, new SimExecutor(1), 1);
  }

  private Mount serve(MountOptions options) {
    try {
      Mount served =
          Fusewire.serve(
              fileSystem, kernel.transport(), options.noShutdownHook().manualClock(() -> 0));
      kernel.connect();
      return served;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A kernel and options other than the usual ones. */
  private void again(KernelSettings settings, MountOptions options) {
    kernel.disconnect();
    mount.close();
    kernel = kernel(settings);
    mount = serve(options);
  }

  @AfterEach
  void close() {
    kernel.unmount(TASKS_MAX);
    mount.close();
    assertThat(kernel.violations()).isEmpty();
    assertThat(kernel.transport().backingFiles()).isZero();
    assertThat(mount.backing().closed()).isEqualTo(mount.backing().opened());
    assertThat(mount.backing().nodes()).isZero();
  }

  /** Opens as it is told. */
  private static final class Files implements RawFileSystem {
    int descriptor = 7;
    int flags;
    boolean fails;
    List<OpenReply> later = new ArrayList<>();
    boolean isLater;
    int released;

    @Override
    public void init(Negotiation negotiation) {
      negotiation.want(InitFlags.PASSTHROUGH);
    }

    @Override
    public Execution execution(Opcode opcode) {
      return Execution.INLINE;
    }

    @Override
    public void lookup(Lookup.Request request, EntryReply reply) {
      reply.entry(FILE, FileAttributes.file(FILE, 0644, 0), Timeouts.of(Duration.ofSeconds(9)));
    }

    @Override
    public void getattr(Getattr.Request request, AttrReply reply) {
      reply.attributes(FileAttributes.file(request.nodeId(), 0644, 0), 9_000_000_000L);
    }

    @Override
    public void open(Open.Request request, OpenReply reply) {
      if (isLater) {
        later.add(reply.later());
        return;
      }
      if (descriptor >= 0) {
        reply.openBacking(descriptor);
      }
      if (fails) {
        throw new FuseException(Errno.EMFILE);
      }
      reply.open(5, flags);
    }

    @Override
    public void create(Create.Request request, CreateReply reply) {
      reply
          .openBacking(descriptor)
          .created(
              3, FileAttributes.file(3, 0644, 0), Timeouts.of(Duration.ofSeconds(9)), 6, flags);
    }

    @Override
    public void release(Release.Request request, EmptyReply reply) {
      released++;
      reply.ok();
    }
  }

  private Call call(RequestFrame frame) {
    Call call = kernel.call(frame);
    kernel.run(TASKS_MAX);
    return call;
  }

  private OpenFile open(int access) {
    int before = kernel.openFiles().size();
    Call call = call(Requests.open(FILE, access));
    assertThat(call.errno()).isZero();
    assertThat(kernel.openFiles()).hasSize(before + 1);
    return new ArrayList<>(kernel.openFiles()).getLast();
  }

  private void release(OpenFile file) {
    kernel.close(file);
    kernel.run(TASKS_MAX);
  }

  private static boolean isBacked(OpenFile file) {
    return (file.openFlags() & OpenFlags.PASSTHROUGH) != 0;
  }

  @Test
  void allOpensOfANodeShareOneBackingFileAndTheLastClosesIt() {
    OpenFile first = open(READ);
    fileSystem.descriptor = 8;
    OpenFile second = open(WRITE);
    fileSystem.descriptor = -1;
    OpenFile third = open(READ);
    assertThat(List.of(first, second, third)).allMatch(BackingTest::isBacked);
    assertThat(List.of(second.backingId(), third.backingId())).containsOnly(first.backingId());
    assertThat(mount.backing().nodes()).isEqualTo(1);
    release(first);
    release(third);
    assertThat(kernel.transport().backingFiles()).isEqualTo(1);
    release(second);
    assertThat(kernel.transport().backingFiles()).isZero();
    assertThat(mount.backing().closed()).isEqualTo(1);
    fileSystem.descriptor = 7;
    assertThat(open(READ).backingId()).as("a new one").isNotEqualTo(first.backingId());
  }

  @Test
  void besideAnOrdinaryOpenEverythingIsOrdinary() {
    fileSystem.descriptor = -1;
    OpenFile ordinary = open(READ);
    fileSystem.descriptor = 7;
    OpenFile beside = open(WRITE);
    assertThat(List.of(ordinary, beside)).noneMatch(BackingTest::isBacked);
    release(ordinary);
    assertThat(isBacked(open(READ))).as("one is left").isFalse();
    kernel.openFiles().forEach(this::release);
    assertThat(isBacked(open(READ))).isTrue();
  }

  @Test
  void directFilesJoinButDoNotBegin() {
    fileSystem.flags = OpenFlags.DIRECT_IO | OpenFlags.PARALLEL_DIRECT_WRITES;
    OpenFile direct = open(READ);
    assertThat(direct.openFlags()).isEqualTo(fileSystem.flags);
    release(direct);
    fileSystem.flags = 0;
    open(READ);
    fileSystem.flags = OpenFlags.DIRECT_IO | OpenFlags.KEEP_CACHE | OpenFlags.NOFLUSH;
    assertThat(open(READ).openFlags())
        .as("what goes with it")
        .isEqualTo(OpenFlags.PASSTHROUGH | OpenFlags.DIRECT_IO | OpenFlags.NOFLUSH);
  }

  @Test
  void whatTheMountAddsToAllFilesIsLeftOutWhereItDoesNotGo() {
    again(KernelSettings.newest(), MountOptions.create().kernelCache());
    assertThat(open(READ).openFlags()).isEqualTo(OpenFlags.PASSTHROUGH);
    kernel.openFiles().forEach(this::release);
    again(KernelSettings.newest(), MountOptions.create().directIo());
    assertThat(open(READ).openFlags()).isEqualTo(OpenFlags.DIRECT_IO);
  }

  @Test
  void filesThatAreMadeHaveThemToo() {
    call(Requests.create(1, "new", 0644, WRITE));
    OpenFile made = new ArrayList<>(kernel.openFiles()).getLast();
    assertThat(made.node()).isEqualTo(3);
    assertThat(isBacked(made)).isTrue();
    assertThat(mount.backing().opened()).isEqualTo(1);
  }

  @Test
  void anOpenThatFailsLeavesNothing() {
    fileSystem.fails = true;
    assertThat(call(Requests.open(FILE, READ)).errno()).isEqualTo(Errno.EMFILE);
    assertThat(mount.backing().opened()).isZero();
    fileSystem.fails = false;
    fileSystem.descriptor = -1;
    assertThat(isBacked(open(READ))).as("noted for another request").isFalse();
  }

  @Test
  void anAnswerThatNobodyGetsGivesItsBackingFileBack() {
    fileSystem.isLater = true;
    Call call = call(Requests.open(FILE, WRITE));
    kernel.transport().abandon(call.unique());
    assertThat(fileSystem.later.getFirst().openBacking(7).open(5, 0)).isFalse();
    assertThat(fileSystem.released).isEqualTo(1);
    assertThat(mount.backing().opened()).isEqualTo(1);
    assertThat(mount.backing().closed()).isEqualTo(1);
    kernel.abort();
    assertThatThrownBy(() -> fileSystem.later.getFirst().open(5, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThat(mount.backing().opened()).isEqualTo(1);
  }

  @Test
  void aMountThatEndsWithFilesOpenGivesTheirBackingFilesBack() {
    open(READ);
    kernel.disconnect();
    mount.close();
    assertThat(kernel.transport().backingFiles()).isZero();
  }

  @Test
  void attributesAreNotKeptWhileTheNodeIsOpenForWriting() {
    call(Requests.lookup(1, "file"));
    OpenFile reader = open(READ);
    assertThat(attributeSeconds()).isEqualTo(9);
    assertThat(kernel.notifications()).isEmpty();
    OpenFile writer = open(WRITE);
    assertThat(kernel.notifications())
        .as("what was kept is dropped")
        .singleElement()
        .matches(message -> message.error() == NotifyCode.INVAL_INODE.number());
    assertThat(attributeSeconds()).isZero();
    release(writer);
    assertThat(attributeSeconds()).isEqualTo(9);
    release(reader);
  }

  private long attributeSeconds() {
    return AttrOut.ATTR_VALID.get(call(Requests.getattr(FILE)).body(), 0);
  }

  @Test
  void refusalForOneFileIsSaidOnceAndTheNextIsTried() {
    kernel.transport().refuseBackingFiles(Errno.ELOOP);
    try (Logs logs = Logs.caught()) {
      for (int i = 0; i < 3; i++) {
        OpenFile file = open(READ);
        assertThat(isBacked(file)).isFalse();
        release(file);
      }
      assertThat(logs.messages()).singleElement().asString().contains("ELOOP", "max_stack_depth=2");
    }
    assertThat(mount.backing().isPossible()).isTrue();
    kernel.transport().refuseBackingFiles(0);
    assertThat(isBacked(open(READ))).isTrue();
  }

  @Test
  void withoutTheRightNoFileIsTriedAgain() {
    kernel.transport().refuseBackingFiles(Errno.EPERM);
    try (Logs logs = Logs.caught()) {
      release(open(READ));
      kernel.transport().refuseBackingFiles(0);
      assertThat(isBacked(open(READ))).isFalse();
      assertThat(logs.messages()).hasSize(1);
    }
    assertThat(mount.backing().isPossible()).isFalse();
    assertThat(mount.backing().reason()).contains("CAP_SYS_ADMIN");
  }

  @Test
  void aKernelWithoutPassthroughIsNamed() {
    try (Logs logs = Logs.caught()) {
      again(KernelSettings.newest().withMinor(38).withCapabilities(0), MountOptions.create());
      assertThat(logs.messages()).singleElement().asString().contains("does not offer passthrough");
    }
    assertThat(isBacked(open(READ))).isFalse();
    assertThat(mount.backing().isPossible()).isFalse();
    assertThat(mount.backing().reason()).contains("7.38", "Linux 6.9");
  }

  @Test
  void whoDoesNotAskHasNone() {
    again(KernelSettings.newest(), MountOptions.create().refuse(InitFlags.PASSTHROUGH));
    assertThat(isBacked(open(READ))).isFalse();
    assertThat(mount.backing().reason()).contains("not asked for");
  }
}
