package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.transport.memory.InMemoryTransport;
import io.fusewire.transport.memory.Message;
import io.fusewire.wire.flag.InitFlags;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Objects;
import org.awaitility.Awaitility;

/** A session whose kernel is the test. */
final class InMemory implements AutoCloseable {
  /** What the kernel of these tests offers. */
  static final long OFFER = InitFlags.INIT_EXT | InitFlags.MAX_PAGES | InitFlags.SETXATTR_EXT;

  private static final int MINOR = 45;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final InMemoryTransport transport = new InMemoryTransport();
  final Mount mount;

  /** What was answered to INIT. */
  final Message initReply;

  private InMemory(RawFileSystem fileSystem, MountOptions options, byte[] init) throws IOException {
    transport.deliver(init);
    mount = Fusewire.serve(fileSystem, transport, options);
    initReply = Objects.requireNonNull(transport.poll(), "no reply to INIT");
  }

  static InMemory serve(RawFileSystem fileSystem, MountOptions options) throws IOException {
    return serve(fileSystem, options, Body.init(MINOR, OFFER));
  }

  static InMemory serve(RawFileSystem fileSystem, MountOptions options, byte[] init)
      throws IOException {
    return new InMemory(fileSystem, options, init);
  }

  /** Serves all handlers in this mode. */
  static InMemory serve(RawFileSystem fileSystem, Mode mode) throws IOException {
    return serve(mode.layer(fileSystem), mode.options());
  }

  /** Delivers a request and gives the one answer to it. */
  Message ask(byte[] request) throws InterruptedException {
    transport.deliver(request);
    Message answer = answer();
    assertThat(transport.poll()).as("a second answer").isNull();
    return answer;
  }

  /** Waits for an answer. */
  Message answer() throws InterruptedException {
    return Objects.requireNonNull(transport.poll(PATIENCE), "no answer");
  }

  /** Waits until no request is in the server's hands. */
  void awaitIdle() {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() -> transport.slotsInUse() == 0 && transport.pending() == 0);
  }

  static byte[] bytes(Message message) {
    return message.body().toArray(ValueLayout.JAVA_BYTE);
  }

  static int u32(Message message, long offset) {
    return message.body().get(ValueLayout.JAVA_INT_UNALIGNED, offset);
  }

  static long u64(Message message, long offset) {
    return message.body().get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
  }

  @Override
  public void close() {
    mount.close();
    assertThat(transport.slotsInUse()).as("slots in use").isZero();
  }
}
