package io.fusewire.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.Logs;
import io.fusewire.transport.memory.Frames;
import io.fusewire.transport.memory.Message;
import io.fusewire.transport.memory.Served;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.InHeader;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bytes come in: one answer for each request that wants one, and nothing breaks. */
@Timeout(60)
class RawFramesTest {
  private static final int RANDOM_FRAMES = 20_000;
  private static final int RANDOM_BYTES = 200;

  /** What a file system without state may leave to the default. */
  private static final Set<Opcode> SUCCEEDING =
      EnumSet.of(Opcode.FSYNC, Opcode.RELEASE, Opcode.RELEASEDIR);

  private final Logs logs = Logs.caught();

  /** Answers what it can without looking at the request, inline. */
  private static final class Silent implements RawFileSystem {
    @Override
    public Execution execution(Opcode opcode) {
      return Execution.INLINE;
    }
  }

  @AfterEach
  void stopCatching() {
    logs.close();
  }

  static List<Operation> operations() {
    return Operations.all();
  }

  private static void assertAnswered(Served served, byte[] frame, Opcode opcode, int... errors) {
    served.transport.deliver(frame);
    Message answer = served.transport.poll();
    if (opcode.hasNoReply() || frame.length < InHeader.SIZE) {
      assertThat(answer).as("an answer to " + opcode).isNull();
    } else {
      Objects.requireNonNull(answer, () -> "no answer to " + opcode);
      assertThat(answer.unique()).isEqualTo(InHeader.UNIQUE.get(MemorySegment.ofArray(frame), 0));
      assertThat(-answer.error())
          .as("errno for " + opcode)
          .isIn(Arrays.stream(errors).boxed().toList());
    }
    assertThat(served.transport.poll()).as("a second answer to " + opcode).isNull();
    assertThat(served.transport.slotsInUse()).as("slots after " + opcode).isZero();
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aGoodFrameReachesTheHandler(Operation operation) {
    try (Served served = new Served(new Silent())) {
      byte[] frame = Frames.golden(operation, 2, Served.INIT_FLAGS);
      int expected = SUCCEEDING.contains(operation.opcode()) ? 0 : Errno.ENOSYS;
      assertAnswered(served, frame, operation.opcode(), expected);
      assertThat(logs.messages()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aFrameCutAnywhereIsAnsweredOnce(Operation operation) {
    byte[] frame = Frames.golden(operation, 2, Served.INIT_FLAGS);
    try (Served served = new Served(new Silent())) {
      for (int length = 0; length < frame.length; length++) {
        assertAnswered(served, Frames.cut(frame, length), operation.opcode(), Errno.EINVAL);
      }
      assertThat(logs.messages()).hasSize(frame.length);
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void aHandlerThatThrowsGivesAnError(Operation operation) {
    RawFileSystem throwing =
        (RawFileSystem)
            Proxy.newProxyInstance(
                RawFileSystem.class.getClassLoader(),
                new Class<?>[] {RawFileSystem.class},
                (proxy, method, arguments) -> {
                  if (method.getReturnType() == Execution.class) {
                    return Execution.INLINE;
                  }
                  if (method.getReturnType() == boolean.class) {
                    return false;
                  }
                  throw new ArithmeticException("of the handler");
                });
    try (Served served = new Served(throwing)) {
      byte[] frame = Frames.golden(operation, 2, Served.INIT_FLAGS);
      assertAnswered(served, frame, operation.opcode(), Errno.EIO);
      assertThat(logs.messages()).containsExactly("the handler of " + operation + " failed");
    }
  }

  @ParameterizedTest
  @MethodSource("operations")
  void extensionsThatDoNotFitAreRefused(Operation operation) {
    byte[] frame = Frames.golden(operation, 2, Served.INIT_FLAGS);
    try (Served served = new Served(new Silent())) {
      for (int units : new int[] {1 + frame.length / Long.BYTES, 0x7fff, 0xffff}) {
        InHeader.TOTAL_EXTLEN.set(MemorySegment.ofArray(frame), 0, units);
        assertAnswered(served, frame, operation.opcode(), Errno.EINVAL);
      }
    }
  }

  @Test
  void aBatchOfAnotherLengthThanItTellsForgetsNothing() {
    List<Long> forgotten = new ArrayList<>();
    RawFileSystem counting =
        new RawFileSystem() {
          @Override
          public void forget(Forget.Request request) {
            forgotten.add(request.lookups());
          }
        };
    byte[] one = Frames.golden(Forget.OPERATION_BATCH, 2, Served.INIT_FLAGS);
    try (Served served = new Served(counting)) {
      for (int count : new int[] {0, 2, 0x1000_0001, Integer.MAX_VALUE, -1}) {
        assertAnswered(served, Frames.with(one, 0, count), Opcode.BATCH_FORGET);
        assertThat(forgotten).as("with a count of " + count).isEmpty();
      }
      assertAnswered(served, one, Opcode.BATCH_FORGET);
      assertThat(forgotten).hasSize(1);
    }
  }

  @Test
  void randomBytesAreAnsweredOnce() {
    long seed = Long.getLong("fusewire.seed", System.nanoTime());
    Random random = new Random(seed);
    try (Served served = new Served(new Silent())) {
      for (int i = 0; i < RANDOM_FRAMES; i++) {
        Operation operation = Operations.all().get(random.nextInt(Operations.all().size()));
        byte[] body = new byte[random.nextInt(RANDOM_BYTES)];
        random.nextBytes(body);
        byte[] frame = Frames.frame(operation.opcode().number(), 2 + 2L * i, body);
        if (random.nextBoolean()) {
          int extensions = random.nextInt(RANDOM_BYTES / Long.BYTES);
          InHeader.TOTAL_EXTLEN.set(MemorySegment.ofArray(frame), 0, extensions);
        }
        assertAnswered(served, frame, operation.opcode(), Errno.EINVAL, Errno.ENOSYS, 0);
      }
    } catch (Throwable failure) {
      throw new AssertionError("with -Dfusewire.seed=" + seed, failure);
    }
  }

  @Test
  void goodFramesWithRandomArgumentsAreAnsweredOnce() {
    long seed = Long.getLong("fusewire.seed", System.nanoTime());
    Random random = new Random(seed);
    try (Served served = new Served(new Silent())) {
      for (int i = 0; i < RANDOM_FRAMES; i++) {
        Operation operation = Operations.all().get(random.nextInt(Operations.all().size()));
        byte[] frame = Frames.golden(operation, 2 + 2L * i, Served.INIT_FLAGS);
        for (int change = random.nextInt(8); change > 0 && frame.length > InHeader.SIZE; change--) {
          int at = InHeader.SIZE + random.nextInt(frame.length - InHeader.SIZE);
          frame[at] = (byte) random.nextInt();
        }
        assertAnswered(served, frame, operation.opcode(), Errno.EINVAL, Errno.ENOSYS, 0);
      }
    } catch (Throwable failure) {
      throw new AssertionError("with -Dfusewire.seed=" + seed, failure);
    }
  }

  @ParameterizedTest
  @EnumSource(Opcode.class)
  void opcodesThatAreNotServedAreAnswered(Opcode opcode) {
    try (Served served = new Served(new Silent())) {
      if (Operations.of(opcode.number()) == null) {
        byte[] frame = Frames.frame(opcode.number(), 2, new byte[64]);
        assertAnswered(served, frame, opcode, Errno.ENOSYS);
      }
      assertThat(served.transport.pending()).isZero();
    }
  }

  @Test
  void unknownOpcodesAreAnsweredWithEnosys() throws InterruptedException {
    try (Served served = new Served(new Silent())) {
      for (int opcode : new int[] {0, 7, 19, 54, 63, 64, 4097, -1, Integer.MIN_VALUE}) {
        assertThat(served.ask(Frames.frame(opcode, 2, new byte[16])).error())
            .isEqualTo(-Errno.ENOSYS);
      }
    }
  }

  @Test
  void aShortSetxattrIsUnderstoodByWhatWasNegotiated() {
    byte[] frame = Frames.golden(Setxattr.OPERATION, 2, 0);
    assertThat(frame).hasSize(InHeader.SIZE + 8 + 5 + 5);
    try (Served served = new Served(new Silent())) {
      assertAnswered(served, frame, Opcode.SETXATTR, Errno.EINVAL);
    }
  }
}
