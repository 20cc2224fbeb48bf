package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.FlatFileSystem;
import io.fusewire.Logs;
import io.fusewire.raw.CopyReply;
import io.fusewire.raw.CreateReply;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Operation;
import io.fusewire.raw.Operations;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.XattrReply;
import io.fusewire.transport.memory.Frames;
import io.fusewire.transport.memory.Message;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The seed's defects in replies and errors, frame by frame. */
@Timeout(60)
class RepliesRegressionTest {
  private static final long BYTES_5_GIB = 5L << 30;
  private static final byte[] VALUE = "a value of 21 bytes..".getBytes(StandardCharsets.UTF_8);

  private final Logs logs = Logs.caught();

  @AfterEach
  void stopCatching() {
    logs.close();
  }

  private static boolean wantsReply(Operation operation) {
    return !operation.opcode().hasNoReply();
  }

  private static byte[] golden(Operation operation, long unique) {
    return Frames.golden(operation, unique, InMemory.OFFER);
  }

  /** R1: an errno goes out negative and alone, for every operation. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r01_everyErrnoGoesOutNegativeAndAlone(Mode mode) throws Exception {
    AtomicInteger errno = new AtomicInteger();
    try (InMemory session =
        InMemory.serve(Answering.with((request, reply) -> reply.error(errno.get())), mode)) {
      long unique = 4;
      for (Operation operation : Operations.all().stream().filter(o -> wantsReply(o)).toList()) {
        for (int each : new int[] {Errno.ENOTEMPTY, Errno.ENOSYS, Errno.ENOENT, Errno.EDQUOT}) {
          errno.set(each);
          Message answer = session.ask(golden(operation, unique));
          assertThat(answer.unique()).isEqualTo(unique);
          assertThat(answer.error()).as("%s", operation).isEqualTo(-each);
          assertThat(answer.body().byteSize()).isZero();
          unique += 2;
        }
      }
    }
  }

  /** R4, R80: size 0 asks for the size; too little room is ERANGE without a payload. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r04_r80_xattrSizesAreAnsweredAndTooLittleRoomIsErange(Mode mode) throws Exception {
    try (InMemory session =
        InMemory.serve(
            Answering.with((request, reply) -> ((XattrReply) reply).value(VALUE)), mode)) {
      for (Opcode opcode : new Opcode[] {Opcode.GETXATTR, Opcode.LISTXATTR}) {
        Message size = session.ask(xattr(opcode, 0));
        assertThat(size.error()).isZero();
        assertThat(size.body().byteSize()).isEqualTo(8);
        assertThat(InMemory.u32(size, 0)).isEqualTo(VALUE.length);
        Message small = session.ask(xattr(opcode, VALUE.length - 1));
        assertThat(small.error()).isEqualTo(-Errno.ERANGE);
        assertThat(small.body().byteSize()).isZero();
        assertThat(InMemory.bytes(session.ask(xattr(opcode, VALUE.length)))).isEqualTo(VALUE);
        assertThat(InMemory.bytes(session.ask(xattr(opcode, 65_536)))).isEqualTo(VALUE);
      }
    }
  }

  private static byte[] xattr(Opcode opcode, int size) {
    Body body = Body.start().u32(size, 0);
    return (opcode == Opcode.GETXATTR ? body.name("user.name") : body).frame(opcode, 4);
  }

  /** R6: CREATE answers time-outs to the nanosecond. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r06_createAnswersTimeoutsToTheNanosecond(Mode mode) throws Exception {
    Timeouts timeouts = new Timeouts(3_123_456_789L, 4_987_654_321L);
    try (InMemory session =
        InMemory.serve(
            Answering.with(
                (request, reply) ->
                    ((CreateReply) reply)
                        .created(9, FileAttributes.file(9, 0644, 0), timeouts, 0, 0)),
            mode)) {
      byte[] create = Body.start().u32(0, 0100644, 022, 0).name("file").frame(Opcode.CREATE, 4);
      Message answer = session.ask(create);
      assertThat(InMemory.u64(answer, 16)).isEqualTo(3);
      assertThat(InMemory.u64(answer, 24)).isEqualTo(4);
      assertThat(InMemory.u32(answer, 32)).isEqualTo(123_456_789);
      assertThat(InMemory.u32(answer, 36)).isEqualTo(987_654_321);
    }
  }

  /** R7: a copy of 5 GiB is told in full by opcode 53, and never as a wrapped number by 47. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r07_copiesBeyond4GibAreToldInFull(Mode mode) throws Exception {
    try (InMemory session =
        InMemory.serve(
            Answering.with((request, reply) -> ((CopyReply) reply).copied(BYTES_5_GIB)), mode)) {
      byte[] body = new byte[56];
      Message wide = session.ask(Frames.frame(Opcode.COPY_FILE_RANGE_64.number(), 4, body));
      assertThat(InMemory.u64(wide, 0)).isEqualTo(BYTES_5_GIB);
      Message narrow = session.ask(Frames.frame(Opcode.COPY_FILE_RANGE.number(), 6, body));
      assertThat(Integer.toUnsignedLong(InMemory.u32(narrow, 0)))
          .isBetween(1L << 31, (1L << 32) - 1);
    }
  }

  /** R8, R10: every opcode there is or could be gets its reply, macOS's too. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r08_r10_everyOpcodeIsAnswered(Mode mode) throws Exception {
    Set<Integer> opcodes = new TreeSet<>(Set.of(4096, 4097, 0x7fffffff, -1, Integer.MIN_VALUE));
    for (int opcode = 0; opcode < 130; opcode++) {
      opcodes.add(opcode);
    }
    try (InMemory session = InMemory.serve(new FlatFileSystem(), mode)) {
      long unique = 4;
      for (int opcode : opcodes) {
        Opcode known = Opcode.of(opcode);
        if (known != null && known.hasNoReply()) {
          continue;
        }
        Operation operation = known == null ? null : Operations.of(opcode);
        byte[] frame =
            operation == null
                ? Frames.frame(opcode, unique, new byte[64])
                : golden(operation, unique);
        Message answer = session.ask(frame);
        assertThat(answer.unique()).isEqualTo(unique);
        if (operation == null) {
          assertThat(answer.error()).as("opcode " + opcode).isEqualTo(-Errno.ENOSYS);
        }
        unique += 2;
      }
      session.awaitIdle();
    }
  }

  /** R9: a request that no thread takes is answered and its place is free again. */
  @Test
  void r09_aRequestThatCannotBeQueuedIsAnswered() throws Exception {
    FlatFileSystem fileSystem = new FlatFileSystem();
    try (InMemory session =
        InMemory.serve(
            Mode.VIRTUAL.layer(fileSystem),
            Mode.VIRTUAL
                .options()
                .maxInFlight(2)
                .executor(
                    task -> {
                      throw new RejectedExecutionException("full");
                    }))) {
      for (int i = 0; i < 10; i++) {
        assertThat(session.ask(Frames.read(4 + 2L * i, 10)).error()).isEqualTo(-Errno.EIO);
      }
      session.awaitIdle();
    }
  }

  /** R14: whatever a handler throws, its caller gets an error and the next is served. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r14_anExceptionInAnyHandlerIsAnsweredWithEio(Mode mode) throws Exception {
    try (InMemory session =
        InMemory.serve(
            Answering.with(
                (request, reply) -> {
                  throw new IllegalStateException("a bug");
                }),
            mode)) {
      long unique = 4;
      for (Operation operation : Operations.all()) {
        if (wantsReply(operation)) {
          assertThat(session.ask(golden(operation, unique)).error())
              .as("%s", operation)
              .isEqualTo(-Errno.EIO);
          unique += 2;
        }
      }
      session.awaitIdle();
    }
  }

  /** R15: errors that would end a thread, and threads that end, lose no request. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r15_errorsThatEndThreadsLoseNoRequest(Mode mode) throws Exception {
    try (InMemory session =
        InMemory.serve(
            Answering.with(
                (request, reply) -> {
                  if (request.unique() % 4 == 0) {
                    throw new StackOverflowError("deep");
                  }
                  Thread.currentThread().interrupt();
                  throw new FuseException(Errno.EAGAIN);
                }),
            mode)) {
      for (long unique = 4; unique < 204; unique += 2) {
        session.transport.deliver(Frames.read(unique, 10));
      }
      Set<Long> answered = new TreeSet<>();
      assertThat(Thread.interrupted()).isEqualTo(mode == Mode.INLINE);
      for (int i = 0; i < 100; i++) {
        Message answer = session.answer();
        answered.add(answer.unique());
        assertThat(answer.error()).isEqualTo(answer.unique() % 4 == 0 ? -Errno.EIO : -Errno.EAGAIN);
      }
      assertThat(answered).hasSize(100);
    }
  }

  /** R17: a READ is never answered with more than it asked for. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r17_readsAreCutToTheirSize(Mode mode) throws Exception {
    byte[] content = new byte[10_000];
    try (InMemory session =
        InMemory.serve(
            Answering.with((request, reply) -> ((DataReply) reply).data(content)), mode)) {
      for (int size : new int[] {0, 1, 512, 4096, 9_999, 10_000, 65_536}) {
        assertThat(session.ask(Frames.read(4, size)).body().byteSize())
            .isEqualTo(Math.min(size, content.length));
      }
    }
  }
}
