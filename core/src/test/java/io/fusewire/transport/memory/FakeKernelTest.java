package io.fusewire.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.raw.AttrReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Flush;
import io.fusewire.raw.Forget;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Interrupt;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Read;
import io.fusewire.raw.Release;
import io.fusewire.raw.Reply;
import io.fusewire.raw.Timeouts;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The kernel that tests play does what Linux does. */
@Timeout(30)
class FakeKernelTest {
  private static final long TASKS_MAX = 10_000;
  private static final int MAX_BACKGROUND = 3;
  private static final long NODE = 5;

  private final SimExecutor executor = new SimExecutor(1);
  private final FakeKernel kernel =
      new FakeKernel(KernelSettings.newest().withReaders(1), executor, 1);
  private final Recording fileSystem = new Recording();
  private Mount mount;

  /** Writes down what comes; keeps READ and GETATTR until told. */
  private static final class Recording implements RawFileSystem {
    final List<String> seen = new ArrayList<>();
    final ArrayDeque<Reply> kept = new ArrayDeque<>();

    @Override
    public Execution execution(Opcode opcode) {
      return Execution.INLINE;
    }

    @Override
    public void lookup(Lookup.Request request, EntryReply reply) {
      seen.add("lookup");
      reply.entry(NODE, FileAttributes.file(NODE, 0644, 0), Timeouts.NONE);
    }

    @Override
    public void open(Open.Request request, OpenReply reply) {
      seen.add("open");
      reply.open(9, 0);
    }

    @Override
    public void read(Read.Request request, DataReply reply) {
      seen.add("read");
      kept.add(reply.later());
    }

    @Override
    public void getattr(Getattr.Request request, AttrReply reply) {
      seen.add("getattr " + Long.toUnsignedString(request.unique()));
      kept.add(reply.later());
    }

    @Override
    public void flush(Flush.Request request, EmptyReply reply) {
      seen.add("flush");
      reply.ok();
    }

    @Override
    public void release(Release.Request request, EmptyReply reply) {
      seen.add("release");
      reply.ok();
    }

    @Override
    public void forget(Forget.Request request) {
      seen.add("forget " + request.lookups());
    }

    @Override
    public void interrupt(Interrupt.Request request) {
      seen.add("interrupt " + request.victim());
    }
  }

  @BeforeEach
  void serve() throws IOException {
    MountOptions options =
        MountOptions.create()
            .maxBackground(MAX_BACKGROUND)
            .maxInFlight(3)
            .parkingSlots(1)
            .executor(Runnable::run)
            .closeTimeout(Duration.ofMillis(1))
            .noShutdownHook();
    mount = Fusewire.serve(fileSystem, kernel.transport(), options);
    kernel.connect();
  }

  @AfterEach
  void close() {
    kernel.disconnect();
    mount.close();
    assertThat(kernel.violations()).isEmpty();
  }

  private void run() {
    kernel.run(TASKS_MAX);
  }

  private void answerOne() {
    fileSystem.kept.remove().error(Errno.EAGAIN);
    run();
  }

  @Test
  void aCallGetsItsAnswer() {
    Call call = kernel.call(Requests.lookup(1, "name"));
    run();
    assertThat(call.isEnded()).isTrue();
    assertThat(call.errno()).isZero();
    assertThat(kernel.nodes()).containsExactly(NODE);
  }

  @Test
  void lookupsAreForgottenTogether() {
    kernel.call(Requests.lookup(1, "one"));
    kernel.call(Requests.lookup(1, "two"));
    run();
    assertThat(kernel.lookups(NODE)).isEqualTo(2);
    kernel.forgetAll();
    run();
    assertThat(fileSystem.seen).endsWith("forget 2");
  }

  @Test
  void aNodeInUseIsNotForgotten() {
    kernel.call(Requests.lookup(1, "name"));
    run();
    kernel.call(Requests.getattr(NODE));
    assertThat(kernel.forget(NODE)).isFalse();
    run();
    answerOne();
    assertThat(kernel.forget(NODE)).isTrue();
  }

  @Test
  void closingFlushesAndThenReleases() {
    kernel.call(Requests.open(NODE, 0));
    run();
    kernel.close(kernel.openFiles().iterator().next());
    run();
    assertThat(fileSystem.seen).containsExactly("open", "flush", "release");
    assertThat(kernel.openFiles()).isEmpty();
  }

  @Test
  void anInterruptFollowsARequestThatWasRead() {
    Call call = kernel.call(Requests.getattr(1));
    kernel.signal(call);
    run();
    String unique = Long.toString(call.unique());
    assertThat(fileSystem.seen).containsExactly("getattr " + unique, "interrupt " + unique);
    answerOne();
    assertThat(call.errno()).isEqualTo(Errno.EAGAIN);
  }

  @Test
  void aSignalAfterTheAnswerIsNotSent() {
    Call call = kernel.call(Requests.lookup(1, "name"));
    run();
    kernel.signal(call);
    run();
    assertThat(fileSystem.seen).containsExactly("lookup");
  }

  @Test
  void killingEndsOnlyWhatWasNotRead() {
    Call unread = kernel.call(Requests.getattr(1));
    kernel.kill(unread);
    assertThat(unread.errno()).isEqualTo(Errno.EINTR);
    Call read = kernel.call(Requests.getattr(1));
    run();
    kernel.kill(read);
    run();
    assertThat(read.state()).isEqualTo(Call.State.SENT);
    assertThat(fileSystem.seen).hasSize(2);
  }

  @Test
  void onlySoManyBackgroundRequestsAreSeen() {
    for (int i = 0; i < 2 * MAX_BACKGROUND; i++) {
      kernel.background(Requests.read(NODE, 9, 0, 10));
    }
    run();
    assertThat(fileSystem.kept).hasSize(MAX_BACKGROUND);
    assertThat(kernel.backgroundCalls()).isEqualTo(MAX_BACKGROUND);
    answerOne();
    assertThat(fileSystem.seen).hasSize(MAX_BACKGROUND + 1);
    assertThat(kernel.backgroundActiveMost()).isEqualTo(MAX_BACKGROUND);
  }

  @Test
  void aRequestThatIsNotReadWaits() {
    List<Call> calls = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      calls.add(kernel.call(Requests.getattr(1)));
    }
    run();
    assertThat(kernel.transport().isReadable()).isFalse();
    assertThat(kernel.transport().tryDeliver(calls.getLast().frame().bytes(98, 0))).isFalse();
    assertThat(kernel.processing()).hasSize(4);
    for (int i = 0; i < 6; i++) {
      answerOne();
    }
    assertThat(calls).allMatch(Call::isEnded);
  }

  @Test
  void whatIsSentAgainKeepsItsPlaceAndGetsAMark() {
    Call first = kernel.call(Requests.getattr(1));
    kernel.call(Requests.getattr(1));
    run();
    long before = first.unique();
    kernel.resend();
    run();
    assertThat(first.unique()).isEqualTo(before | Long.MIN_VALUE);
    assertThat(fileSystem.seen.get(2)).endsWith(Long.toUnsignedString(first.unique()));
    fileSystem.kept.remove().error(Errno.EAGAIN); // of the first life: nobody waits for it
    fileSystem.kept.remove().error(Errno.EAGAIN);
    run();
    assertThat(first.isEnded()).isFalse();
    answerOne();
    assertThat(first.isEnded()).isTrue();
  }

  @Test
  void abortingEndsEveryCall() {
    Call read = kernel.call(Requests.getattr(1));
    run();
    Call unread = kernel.call(Requests.getattr(1));
    kernel.abort();
    assertThat(read.errno()).isEqualTo(Errno.ECONNABORTED);
    assertThat(unread.errno()).isEqualTo(Errno.ECONNABORTED);
    assertThat(kernel.call(Requests.getattr(1)).errno()).isEqualTo(Errno.ENOTCONN);
    assertThat(fileSystem.kept.remove().error(Errno.EIO)).isFalse();
  }

  @Test
  void aRequestThatNoBufferTakesFails() {
    Call big = kernel.call(Requests.write(NODE, 9, 0, new byte[2 << 20]));
    Call attribute = kernel.call(Requests.setxattr(NODE, "user.a", new byte[2 << 20], 0));
    run();
    assertThat(big.errno()).isEqualTo(Errno.EIO);
    assertThat(attribute.errno()).isEqualTo(Errno.E2BIG);
    assertThat(fileSystem.seen).isEmpty();
  }

  @Test
  void unmountingClosesAndDoesNotForget() {
    kernel.call(Requests.lookup(1, "name"));
    kernel.call(Requests.open(NODE, 0));
    run();
    kernel.unmount(TASKS_MAX);
    assertThat(fileSystem.seen).containsExactly("lookup", "open", "flush", "release");
    mount.close();
    assertThat(mount.state()).isEqualTo(Mount.State.CLOSED);
  }
}
