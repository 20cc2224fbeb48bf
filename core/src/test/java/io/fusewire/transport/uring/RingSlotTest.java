package io.fusewire.transport.uring;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.linux.sys.IovecBuffer;
import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.wire.struct.OutHeader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** How the parts of an answer come together in the memory that the kernel takes it from. */
class RingSlotTest {
  private static final int MEMORY = 4096;
  private static final int ROOM = 2048;
  private static final int PARTS_MAX = 5;
  private static final int ROUNDS = 20_000;

  /** A part: bytes in the room itself, or elsewhere. */
  private record Part(long address, int length) {}

  @Test
  void partsInAnyPlaceBecomeOneAnswer() {
    long seed = System.nanoTime();
    System.out.println("fusewire.seed=" + seed);
    Random random = new Random(seed);
    MemorySegment memory = NativeMemory.allocate(2 * MEMORY);
    MemorySegment elsewhere = NativeMemory.allocate(MEMORY);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment vectors = arena.allocate((PARTS_MAX + 1) * IovecBuffer.BYTES, Long.BYTES);
      for (int round = 0; round < ROUNDS; round++) {
        fill(memory, random);
        fill(elsewhere, random);
        List<Part> parts = parts(random, memory.address(), elsewhere.address());
        byte[] expected = bytes(parts);
        IovecBuffer.LENGTH.set(vectors, 0, OutHeader.SIZE);
        for (int i = 0; i < parts.size(); i++) {
          long vector = (i + 1) * IovecBuffer.BYTES;
          IovecBuffer.BASE.set(vectors, vector, parts.get(i).address());
          IovecBuffer.LENGTH.set(vectors, vector, parts.get(i).length());
        }
        int result = random.nextInt(64);
        RingSlot.gather(vectors.address(), parts.size() + 1, memory, memory.address() + result);
        assertThat(memory.asSlice(result, expected.length).toArray(ValueLayout.JAVA_BYTE))
            .as("seed %d, round %d: %s", seed, round, parts)
            .isEqualTo(expected);
      }
    } finally {
      NativeMemory.free(memory);
      NativeMemory.free(elsewhere);
    }
  }

  private static void fill(MemorySegment memory, Random random) {
    for (long i = 0; i < memory.byteSize(); i += Long.BYTES) {
      memory.set(ValueLayout.JAVA_LONG, i, random.nextLong());
    }
  }

  /** Those in the room lie behind each other, as replies put them there. */
  private static List<Part> parts(Random random, long room, long elsewhere) {
    List<Part> parts = new ArrayList<>();
    int used = random.nextInt(64);
    int count = 1 + random.nextInt(PARTS_MAX);
    for (int i = 0; i < count; i++) {
      int length = random.nextInt(ROOM / PARTS_MAX);
      if (random.nextBoolean()) {
        parts.add(new Part(room + used, length));
        used += length + random.nextInt(16);
      } else {
        parts.add(new Part(elsewhere + random.nextInt(ROOM), length));
      }
    }
    return parts;
  }

  private static byte[] bytes(List<Part> parts) {
    byte[] all = new byte[parts.stream().mapToInt(Part::length).sum()];
    int end = 0;
    for (Part part : parts) {
      MemorySegment from = NativeMemory.mapped(part.address(), part.length());
      MemorySegment.copy(from, ValueLayout.JAVA_BYTE, 0, all, end, part.length());
      end += part.length();
    }
    return all;
  }
}
