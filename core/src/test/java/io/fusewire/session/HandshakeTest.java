package io.fusewire.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.raw.Execution;
import io.fusewire.raw.Negotiation;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.transport.memory.Frames;
import io.fusewire.transport.memory.InMemoryTransport;
import io.fusewire.transport.memory.Message;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.struct.InHeader;
import io.fusewire.wire.struct.InitStructs;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The exchange of INIT with kernels of all ages. */
@Timeout(30)
class HandshakeTest {
  private static final int LONG_BYTES = 64;
  private static final int SHORT_BYTES = 16;
  private static final int READAHEAD = 131_072;
  private static final long OFFER =
      InitFlags.INIT_EXT | InitFlags.ASYNC_READ | InitFlags.MAX_PAGES | InitFlags.BIG_WRITES;

  private final InMemoryTransport transport = new InMemoryTransport();
  private final MountOptions options = MountOptions.create().noShutdownHook();

  /** Serves nothing. */
  private static class Empty implements RawFileSystem {
    @Override
    public Execution execution(Opcode opcode) {
      return Execution.INLINE;
    }
  }

  /** An INIT of this version with as many bytes as its kernels send. */
  private static byte[] init(int major, int minor, long offer) {
    byte[] frame = Frames.frame(Opcode.INIT, 2, minor >= 36 ? LONG_BYTES : SHORT_BYTES);
    MemorySegment body = MemorySegment.ofArray(frame);
    InitStructs.IN_MAJOR.set(body, InHeader.SIZE, major);
    InitStructs.IN_MINOR.set(body, InHeader.SIZE, minor);
    InitStructs.IN_MAX_READAHEAD.set(body, InHeader.SIZE, READAHEAD);
    InitStructs.IN_FLAGS.set(body, InHeader.SIZE, (int) offer);
    if (minor >= 36) {
      InitStructs.IN_FLAGS2.set(body, InHeader.SIZE, (int) (offer >>> 32));
    }
    return frame;
  }

  private Negotiation handshake(byte[] init) throws IOException {
    transport.deliver(init);
    return Handshake.perform(transport, options, new Empty());
  }

  private Message answer() {
    return Objects.requireNonNull(transport.poll(), "no answer");
  }

  private MemorySegment goodAnswer() {
    Message answer = answer();
    assertThat(answer.unique()).isEqualTo(2);
    assertThat(answer.error()).isZero();
    assertThat(answer.body().byteSize()).isEqualTo(LONG_BYTES);
    return answer.body();
  }

  private void assertRefused(int errno) {
    Message answer = answer();
    assertThat(answer.unique()).isEqualTo(2);
    assertThat(answer.error()).isEqualTo(-errno);
    assertThat(answer.body().byteSize()).isZero();
    assertThat(transport.poll()).isNull();
    assertThat(transport.pending()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45
      })
  void everyMinorSinceLinux315IsSpoken(int minor) throws IOException {
    Negotiation negotiation = handshake(init(7, minor, OFFER));
    assertThat(negotiation.kernel()).hasToString("7." + minor);
    MemorySegment body = goodAnswer();
    assertThat(InitStructs.OUT_MAJOR.get(body, 0)).isEqualTo(7);
    assertThat(InitStructs.OUT_MINOR.get(body, 0)).isEqualTo(minor);
    assertThat(InitStructs.OUT_MAX_READAHEAD.get(body, 0)).isEqualTo(READAHEAD);
    assertThat(InitStructs.OUT_MAX_WRITE.get(body, 0)).isEqualTo(1 << 20);
    assertThat(InitStructs.OUT_MAX_PAGES.get(body, 0)).isEqualTo(256);
    assertThat(InitStructs.OUT_TIME_GRAN.get(body, 0)).isEqualTo(1);
    assertThat(InitStructs.OUT_MAX_BACKGROUND.get(body, 0)).isEqualTo(64);
    assertThat(InitStructs.OUT_CONGESTION_THRESHOLD.get(body, 0)).isEqualTo(48);
    assertThat(InitStructs.OUT_FLAGS.get(body, 0)).isEqualTo((int) OFFER);
  }

  @Test
  void aNewerMinorIsAnsweredWithOurs() throws IOException {
    handshake(init(7, 99, OFFER));
    assertThat(InitStructs.OUT_MINOR.get(goodAnswer(), 0)).isEqualTo(45);
  }

  @Test
  void anOfferThatIsLongerThanOursIsTaken() throws IOException {
    byte[] init = init(7, 46, OFFER);
    handshake(Frames.cut(init, init.length + 64));
    assertThat(InitStructs.OUT_MINOR.get(goodAnswer(), 0)).isEqualTo(45);
  }

  @Test
  void anotherMajorIsAnsweredWithOursAndTheKernelAsksAgain() throws IOException {
    transport.deliver(init(8, 3, OFFER));
    transport.deliver(init(7, 45, OFFER));
    Negotiation negotiation = Handshake.perform(transport, options, new Empty());
    assertThat(negotiation.kernel()).hasToString("7.45");
    assertThat(InitStructs.OUT_MAJOR.get(goodAnswer(), 0)).isEqualTo(7);
    assertThat(InitStructs.OUT_MINOR.get(goodAnswer(), 0)).isEqualTo(45);
    assertThat(transport.poll()).isNull();
  }

  @Test
  void aKernelThatInsistsOnAnotherMajorIsRefused() {
    transport.deliver(init(8, 3, OFFER));
    transport.deliver(init(8, 3, OFFER));
    assertThatThrownBy(() -> Handshake.perform(transport, options, new Empty()))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("8.3");
    goodAnswer();
    assertRefused(Errno.EPROTO);
  }

  @ParameterizedTest
  @CsvSource({"7,22", "7,0", "6,45", "0,0"})
  void kernelsThatAreTooOldAreRefused(int major, int minor) {
    assertThatThrownBy(() -> handshake(init(major, minor, OFFER)))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("FUSE " + major + "." + minor)
        .hasMessageContaining("7.23");
    assertRefused(Errno.EPROTO);
  }

  @Test
  void aMissingRequiredCapabilityIsNamed() {
    options.require(InitFlags.ALLOW_IDMAP | InitFlags.ASYNC_READ);
    assertThatThrownBy(() -> handshake(init(7, 45, OFFER)))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("ALLOW_IDMAP")
        .hasMessageNotContaining("ASYNC_READ");
    assertRefused(Errno.EPROTO);
  }

  @Test
  void whatTheLibraryDoesNotSupportIsRefusedAlthoughTheKernelOffersIt() {
    options.require(InitFlags.SPLICE_READ);
    assertThatThrownBy(() -> handshake(init(7, 45, OFFER | InitFlags.SPLICE_READ)))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("SPLICE_READ, which Fusewire does not support");
    assertRefused(Errno.EPROTO);
  }

  @Test
  void passthroughComesWithTheDepthOfStacking() throws IOException {
    handshake(init(7, 45, OFFER | InitFlags.PASSTHROUGH));
    assertThat(InitStructs.OUT_MAX_STACK_DEPTH.get(goodAnswer(), 0)).isZero();
    options.require(InitFlags.PASSTHROUGH);
    handshake(init(7, 45, OFFER | InitFlags.PASSTHROUGH));
    assertThat(InitStructs.OUT_MAX_STACK_DEPTH.get(goodAnswer(), 0)).isEqualTo(1);
    options.option("max_stack_depth=2");
    handshake(init(7, 45, OFFER | InitFlags.PASSTHROUGH));
    assertThat(InitStructs.OUT_MAX_STACK_DEPTH.get(goodAnswer(), 0)).isEqualTo(2);
    assertThatThrownBy(() -> options.option("max_stack_depth=3"))
        .hasMessageContaining("a number from 1 to 2");
  }

  @Test
  void passthroughAndTheWritebackCacheExcludeEachOther() {
    options.require(InitFlags.PASSTHROUGH).writebackCache();
    long offer = OFFER | InitFlags.PASSTHROUGH | InitFlags.WRITEBACK_CACHE;
    assertThatThrownBy(() -> handshake(init(7, 45, offer)))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("passthrough and the writeback cache exclude each other");
    assertRefused(Errno.EPROTO);
  }

  @Test
  void pagesAreThoseOfTheLargestWriteUnlessSaidOtherwise() throws IOException {
    options.maxWrite(64 * 1024);
    assertThat(handshake(init(7, 45, OFFER)).payloadBytesMax()).isEqualTo(64 * 1024);
    assertThat(InitStructs.OUT_MAX_PAGES.get(goodAnswer(), 0)).isEqualTo(16);
    options.option("max_pages=512");
    assertThat(handshake(init(7, 45, OFFER)).payloadBytesMax()).isEqualTo(2 << 20);
    assertThat(InitStructs.OUT_MAX_PAGES.get(goodAnswer(), 0)).isEqualTo(512);
  }

  @Test
  void capabilitiesOfTheSecondWordCountOnlyWithTheFlagForThem() throws IOException {
    options.require(InitFlags.ALLOW_IDMAP);
    Negotiation negotiation = handshake(init(7, 45, OFFER | InitFlags.ALLOW_IDMAP));
    assertThat(negotiation.grants(InitFlags.ALLOW_IDMAP)).isTrue();
    assertThat(InitStructs.OUT_FLAGS2.get(goodAnswer(), 0))
        .isEqualTo((int) (InitFlags.ALLOW_IDMAP >>> 32));
    long withoutExtension = (OFFER | InitFlags.ALLOW_IDMAP) & ~InitFlags.INIT_EXT;
    assertThatThrownBy(() -> handshake(init(7, 45, withoutExtension)))
        .hasMessageContaining("ALLOW_IDMAP");
    assertRefused(Errno.EPROTO);
  }

  @Test
  void leftoversBehindAShortOfferAreNotTakenForCapabilities() {
    options.require(InitFlags.ALLOW_IDMAP);
    byte[] init = init(7, 45, OFFER | InitFlags.ALLOW_IDMAP);
    transport.deliver(init(8, 45, -1L)); // fills the buffer behind the next, shorter one
    transport.deliver(Frames.cut(init, InHeader.SIZE + SHORT_BYTES));
    assertThatThrownBy(() -> Handshake.perform(transport, options, new Empty()))
        .hasMessageContaining("ALLOW_IDMAP");
    goodAnswer();
    assertRefused(Errno.EPROTO);
  }

  @Test
  void refusedCapabilitiesAreNotAskedFor() throws IOException {
    options.refuse(InitFlags.ASYNC_READ);
    handshake(init(7, 45, OFFER));
    assertThat(InitStructs.OUT_FLAGS.get(goodAnswer(), 0))
        .isEqualTo((int) (OFFER & ~InitFlags.ASYNC_READ));
  }

  @Test
  void anOfferThatIsCutOffIsRefused() {
    byte[] init = init(7, 45, OFFER);
    for (int length = 0; length < InHeader.SIZE + SHORT_BYTES; length++) {
      byte[] cut = Frames.cut(init, length);
      assertThatThrownBy(() -> handshake(cut))
          .isInstanceOf(LinuxException.class)
          .hasMessageContaining("instead of INIT");
      if (length >= InHeader.SIZE) {
        assertRefused(Errno.EINVAL);
      }
    }
    assertThat(transport.poll()).isNull();
  }

  @Test
  void anotherMessageThanInitIsRefused() {
    assertThatThrownBy(() -> handshake(Frames.frame(Opcode.LOOKUP, 2, 20, "name")))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("LOOKUP");
    assertRefused(Errno.EINVAL);
  }

  @Test
  void silenceOfTheKernelIsAnError() {
    assertThatThrownBy(() -> Handshake.perform(transport, options, new Empty()))
        .isInstanceOf(LinuxException.class);
  }

  @Test
  void aFileSystemThatFailsInInitIsNotMounted() {
    RawFileSystem failing =
        new Empty() {
          @Override
          public void init(Negotiation negotiation) {
            throw new IllegalStateException("no disk");
          }
        };
    transport.deliver(init(7, 45, OFFER));
    assertThatThrownBy(() -> Fusewire.serve(failing, transport, options))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no disk");
    assertRefused(Errno.EIO);
  }

  @Test
  void theFileSystemAdjustsWhatTheOptionsPropose() throws IOException {
    RawFileSystem adjusting =
        new Empty() {
          @Override
          public void init(Negotiation negotiation) {
            assertThat(negotiation.offers(InitFlags.ASYNC_READ)).isTrue();
            negotiation.refuse(InitFlags.ASYNC_READ).maxWrite(1).maxReadahead(Integer.MAX_VALUE);
            negotiation.timeGranularityNanos(Integer.MAX_VALUE).maxBackground(1_000_000);
          }
        };
    transport.deliver(init(7, 45, OFFER));
    Handshake.perform(transport, options, adjusting);
    MemorySegment body = goodAnswer();
    assertThat(InitStructs.OUT_FLAGS.get(body, 0)).isEqualTo((int) (OFFER & ~InitFlags.ASYNC_READ));
    assertThat(InitStructs.OUT_MAX_WRITE.get(body, 0)).isEqualTo(4096);
    assertThat(InitStructs.OUT_MAX_PAGES.get(body, 0)).isEqualTo(1);
    assertThat(InitStructs.OUT_MAX_READAHEAD.get(body, 0)).isEqualTo(READAHEAD);
    assertThat(InitStructs.OUT_TIME_GRAN.get(body, 0)).isEqualTo(1_000_000_000);
    assertThat(InitStructs.OUT_MAX_BACKGROUND.get(body, 0)).isEqualTo(0xffff);
  }

  @Test
  void aSessionInMemoryServesAndCloses() throws Exception {
    transport.deliver(init(7, 45, OFFER));
    try (Mount mount = Fusewire.serve(new Empty(), transport, options)) {
      goodAnswer();
      assertThat(mount.state()).isEqualTo(Mount.State.SERVING);
      transport.deliver(Frames.frame(Opcode.STATFS, 4, 0));
      Message answer = Objects.requireNonNull(transport.poll(Duration.ofSeconds(20)));
      assertThat(answer.error()).isEqualTo(-Errno.ENOSYS);
      mount.unmount();
      assertThat(mount.state()).isEqualTo(Mount.State.CLOSED);
      assertThatThrownBy(() -> transport.deliver(Frames.frame(Opcode.STATFS, 6, 0)))
          .isInstanceOf(IllegalStateException.class);
    }
  }
}
