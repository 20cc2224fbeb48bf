package io.fusewire.transport.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.Opcode;
import io.fusewire.wire.struct.InHeader;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The order in which the device gives what waits. */
class DeviceQueueTest {
  private static final int NEWEST = 45;
  private static final int BEFORE_BATCHES = 15;
  private static final long ROOMY = 1 << 20;

  private final DeviceQueue queue = new DeviceQueue();

  private static Call call() {
    return new Call(Requests.getattr(1), Call.Kind.FOREGROUND, null, 0);
  }

  private static Opcode opcode(Object message) {
    int number =
        message instanceof Call call
            ? call.opcode().number()
            : InHeader.OPCODE.get(MemorySegment.ofArray((byte[]) message), 0);
    return Objects.requireNonNull(Opcode.of(number));
  }

  private List<Opcode> read(int count, long bytesMax, int minor) {
    List<Opcode> read = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      read.add(opcode(queue.next(bytesMax, minor)));
    }
    return read;
  }

  @Test
  void interruptsComeFirst() {
    queue.add(call());
    queue.forget(2, 1);
    queue.interrupt(call());
    assertThat(read(1, ROOMY, NEWEST)).containsExactly(Opcode.INTERRUPT);
  }

  @Test
  void severalForgetsComeTogetherUpToTheBuffer() {
    for (int i = 0; i < 5; i++) {
      queue.forget(2L + i, 1);
    }
    long roomForTwo = InHeader.SIZE + 8L + 2 * 16 + 15;
    assertThat(read(3, roomForTwo, NEWEST))
        .containsExactly(Opcode.BATCH_FORGET, Opcode.BATCH_FORGET, Opcode.FORGET);
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void oldKernelsForgetOneByOne() {
    queue.forget(2, 1);
    queue.forget(3, 1);
    assertThat(read(2, ROOMY, BEFORE_BATCHES)).containsExactly(Opcode.FORGET, Opcode.FORGET);
  }

  @Test
  void sixteenForgetsForEightRequests() {
    for (int i = 0; i < 100; i++) {
      queue.add(call());
      queue.forget(2, 1);
    }
    List<Opcode> read = read(100, ROOMY, BEFORE_BATCHES);
    int start = read.indexOf(Opcode.FORGET);
    List<Opcode> expected = new ArrayList<>();
    for (int i = 0; i < 24; i++) {
      expected.add(i < 16 ? Opcode.FORGET : Opcode.GETATTR);
    }
    assertThat(start).isLessThanOrEqualTo(8);
    assertThat(read.subList(start, start + 24)).isEqualTo(expected);
    assertThat(read.subList(start + 24, start + 48)).isEqualTo(expected);
  }
}
