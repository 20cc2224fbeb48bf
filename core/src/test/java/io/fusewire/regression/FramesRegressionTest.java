package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.FlatFileSystem;
import io.fusewire.Logs;
import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.transport.memory.Frames;
import io.fusewire.transport.memory.Message;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.InHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The seed's defects with malformed and unusual frames. */
@Timeout(60)
class FramesRegressionTest {
  /** As many as there are workers. */
  private static final int IN_FLIGHT = 8;

  private static final int PAGE = 4096;

  private final Logs logs = Logs.caught();

  @AfterEach
  void stopCatching() {
    logs.close();
  }

  private static byte[] golden(Operation operation, long unique) {
    return Frames.golden(operation, unique, InMemory.OFFER);
  }

  /** R16: a header that lies about its length harms neither the reader nor the mount. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r16_headersThatLieAboutTheirLengthAreAnswered(Mode mode) throws Exception {
    FlatFileSystem fileSystem = new FlatFileSystem();
    try (InMemory session = InMemory.serve(fileSystem, mode)) {
      for (int length : new int[] {0, 1, 39, 41, 79, 81, 1 << 20, Integer.MAX_VALUE, -1}) {
        byte[] frame = Frames.read(4, 10);
        InHeader.LEN.set(MemorySegment.ofArray(frame), 0, length);
        assertThat(session.ask(frame).error()).as("length " + length).isEqualTo(-Errno.EIO);
      }
      for (int bytes = 0; bytes < InHeader.SIZE; bytes++) {
        session.transport.deliver(new byte[bytes]);
        assertThat(session.transport.poll()).isNull();
      }
      assertThat(session.ask(Frames.frame(Opcode.GETATTR, 6, 16)).error()).isZero();
      session.awaitIdle();
    }
    assertThat(fileSystem.destroyed).hasValue(1);
  }

  /** R33: truncated bodies of every opcode leave nothing in flight and the way open. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r33_truncatedBodiesLeaveNothingInFlight(Mode mode) throws Exception {
    try (InMemory session =
        InMemory.serve(mode.layer(new FlatFileSystem()), mode.options().maxInFlight(IN_FLIGHT))) {
      for (Operation operation : Operations.all()) {
        byte[] frame = golden(operation, 4);
        for (int length = InHeader.SIZE; length < frame.length; length++) {
          byte[] cut = Frames.cut(frame, length);
          if (operation.opcode().hasNoReply()) {
            session.transport.deliver(cut);
          } else {
            assertThat(session.ask(cut).error()).as("%s", operation).isEqualTo(-Errno.EINVAL);
          }
        }
        assertThat(session.transport.slotsInUse()).as("%s", operation).isZero();
      }
      assertThat(session.ask(Frames.frame(Opcode.GETATTR, 6, 16)).error()).isZero();
    }
  }

  /** R78: the count of a BATCH_FORGET is checked against the frame before it is believed. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r78_theCountOfABatchIsCheckedAgainstTheFrame(Mode mode) throws Exception {
    FlatFileSystem fileSystem = new FlatFileSystem();
    try (InMemory session = InMemory.serve(fileSystem, mode)) {
      for (int count : new int[] {0, 1, 3, 0x0fffffff, 0x10000002, Integer.MAX_VALUE, -1}) {
        session.transport.deliver(
            Body.start().u32(count, 0).u64(5, 1, 6, 1).frame(Opcode.BATCH_FORGET, 4));
      }
      assertThat(fileSystem.held).hasValue(0);
      session.transport.deliver(
          Body.start().u32(2, 0).u64(5, 1, 6, 1).frame(Opcode.BATCH_FORGET, 4));
      session.awaitIdle();
      assertThat(fileSystem.held).hasValue(-2);
    }
  }

  /** R79: the modes differ in nothing but where handlers run. */
  @Test
  void r79_oneCorpusIsAnsweredAlikeInAllModes() throws Exception {
    List<String> inline = answers(Mode.INLINE);
    assertThat(inline).hasSizeGreaterThan(Operations.all().size());
    for (Mode mode : Mode.values()) {
      assertThat(answers(mode)).as("%s", mode).isEqualTo(inline);
    }
  }

  private static List<String> answers(Mode mode) throws Exception {
    List<String> answers = new ArrayList<>();
    FlatFileSystem fileSystem = new FlatFileSystem();
    fileSystem.put("name", new byte[] {1, 2, 3});
    try (InMemory session = InMemory.serve(fileSystem, mode)) {
      for (byte[] frame : corpus()) {
        Message answer = session.ask(frame);
        String body = HexFormat.of().formatHex(InMemory.bytes(answer));
        answers.add(Opcode.describe(InHeader.OPCODE.get(MemorySegment.ofArray(frame), 0)));
        answers.add(answer.error() + " " + body);
      }
    }
    return answers;
  }

  /** Good frames of all opcodes, SETXATTR with values of many lengths, and one byte too little. */
  private static List<byte[]> corpus() {
    List<byte[]> frames = new ArrayList<>();
    for (Operation operation : Operations.all()) {
      if (!operation.opcode().hasNoReply()) {
        byte[] frame = golden(operation, 4);
        frames.add(frame);
        if (frame.length > InHeader.SIZE) {
          frames.add(Frames.cut(frame, frame.length - 1));
        }
      }
    }
    for (int announced = 0; announced < 8; announced++) {
      frames.add(
          Body.start().u32(announced, 0, 0, 0).name("user.a").u32(7).frame(Opcode.SETXATTR, 4));
    }
    return frames;
  }

  /** R85: the payload of a WRITE is handed over where it arrived, on a page boundary. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r85_theDataOfAWriteIsNotCopiedAndStartsOnAPage(Mode mode) throws Exception {
    AtomicLong address = new AtomicLong();
    RawFileSystem writing =
        new RawFileSystem() {
          @Override
          public void write(Write.Request request, WriteReply reply) {
            address.set(request.data().address() + request.dataOffset());
            reply.written(request.size());
          }
        };
    try (InMemory session =
        InMemory.serve(mode.layer(writing), mode.options().maxInFlight(IN_FLIGHT))) {
      List<Long> seen = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        byte[] write =
            Body.start().u64(0, 0).u32(8, 0).u64(0).u32(0, 0).u64(i).frame(Opcode.WRITE, 4 + 2 * i);
        assertThat(session.ask(write).error()).isZero();
        session.awaitIdle();
        assertThat(address.get() % PAGE).isZero();
        seen.add(address.get());
      }
      assertThat(seen.stream().distinct().count()).as("buffers in use").isLessThanOrEqualTo(2);
    }
  }
}
