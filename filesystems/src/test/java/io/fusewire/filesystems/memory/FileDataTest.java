package io.fusewire.filesystems.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FileDataTest {
  private static final int PAGE = PagePool.PAGE;
  private static final int PAGES = 64;

  /** Behind 2 GiB and 4 GiB, and not at the start of a page. */
  private static final long FAR = (5L << 30) + 1000;

  private final PagePool pool = new PagePool((long) PAGES * PAGE);
  private final HeapBudget heap = new HeapBudget(1 << 20);
  private final FileData file = new FileData(pool, heap);

  @AfterEach
  void close() {
    pool.close();
  }

  private static byte[] bytes(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private long write(long offset, byte[] bytes) {
    return file.write(MemorySegment.ofArray(bytes), 0, offset, bytes.length);
  }

  private byte[] read(FileData data, long offset, int length) {
    byte[] bytes = new byte[length];
    long got = data.copyOut(offset, MemorySegment.ofArray(bytes), length);
    return Arrays.copyOf(bytes, (int) got);
  }

  @Test
  void aFileThatFitsExactlyIsWritten() {
    assertThat(write(0, bytes(PAGES * PAGE - 1, 1))).isEqualTo(PAGES * PAGE - 1);
    assertThat(write(PAGES * PAGE - 1, bytes(1, 2))).as("the limit").isEqualTo(1);
    assertThat(write(PAGES * PAGE, bytes(1, 3))).as("one more").isZero();
    assertThat(file.size()).isEqualTo(PAGES * PAGE);
    assertThat(pool.pagesUsed()).isEqualTo(PAGES);
  }

  @Test
  void ofAWriteBeyondTheLimitTheFirstPartIsWritten() {
    assertThat(write(10, bytes(PAGES * PAGE, 1))).isEqualTo(PAGES * PAGE - 10);
    assertThat(file.size()).isEqualTo(PAGES * PAGE);
    assertThat(write(100, bytes(PAGE, 2))).as("what is there can be changed").isEqualTo(PAGE);
    file.truncate(0);
    assertThat(pool.pagesUsed()).isZero();
    assertThat(heap.left()).isEqualTo(1 << 20);
  }

  @Test
  void anAllocationThatDoesNotFitChangesNothing() {
    write(0, bytes(3 * PAGE, 1));
    assertThat(file.allocate(PAGE, (long) PAGES * PAGE, false, false)).isFalse();
    assertThat(file.allocate(0, Long.MAX_VALUE, false, false)).isFalse();
    assertThat(file.allocate(PAGE, (long) PAGES * PAGE, true, true)).as("zeroing").isFalse();
    assertThat(file.size()).isEqualTo(3 * PAGE);
    assertThat(pool.pagesUsed()).isEqualTo(3);
    assertThat(read(file, 0, 4 * PAGE)).isEqualTo(bytes(3 * PAGE, 1));
    assertThat(file.allocate(0, (long) PAGES * PAGE, false, true)).as("the limit").isTrue();
    assertThat(file.size()).isEqualTo(3 * PAGE);
    assertThat(pool.pagesUsed()).isEqualTo(PAGES);
  }

  @Test
  void whatIsAllocatedBehindTheEndGoesWithATruncate() {
    write(0, bytes(10, 1));
    file.allocate(0, 8L * PAGE, false, true);
    file.truncate(10);
    assertThat(file.allocatedBytes()).isEqualTo(PAGE);
  }

  @Test
  void zeroingARangeKeepsItsPages() {
    write(0, bytes(3 * PAGE, 1));
    assertThat(file.allocate(100, 2L * PAGE, true, false)).isTrue();
    assertThat(file.allocatedBytes()).isEqualTo(3 * PAGE);
    byte[] expected = bytes(3 * PAGE, 1);
    Arrays.fill(expected, 100, 100 + 2 * PAGE, (byte) 0);
    assertThat(read(file, 0, 3 * PAGE)).isEqualTo(expected);
  }

  @Test
  void aHoleTakesNoSpace() {
    write(FAR, bytes(10, 7));
    assertThat(file.size()).isEqualTo(FAR + 10);
    assertThat(file.allocatedBytes()).isEqualTo(PAGE);
    assertThat(file.seek(0, true)).isEqualTo(FAR / PAGE * PAGE);
    assertThat(file.seek(FAR, true)).isEqualTo(FAR);
    assertThat(file.seek(FAR, false)).isEqualTo(FAR + 10);
    assertThat(file.seek(FAR + 10, false)).as("the end").isEqualTo(-1);
    assertThat(file.seek(3, false)).isEqualTo(3);
  }

  @Test
  void theLargestOffset() {
    long last = FileData.BYTES_MAX - 1;
    assertThat(write(last, bytes(1, 9))).isEqualTo(1);
    assertThat(file.size()).isEqualTo(FileData.BYTES_MAX);
    assertThat(read(file, last, 100)).isEqualTo(bytes(1, 9));
    assertThat(file.seek(0, true)).isEqualTo(last / PAGE * PAGE);
  }

  @Test
  void holesStayHolesWhenCopied() {
    write(FAR, bytes(2 * PAGE, 7));
    file.truncate(FAR + (1L << 40));
    FileData copy = new FileData(pool, heap);
    copy.write(MemorySegment.ofArray(bytes(PAGE, 5)), 0, 0, PAGE);
    assertThat(copy.copyFrom(file, 0, 0, Long.MAX_VALUE)).isEqualTo(file.size());
    assertThat(copy.size()).isEqualTo(file.size());
    assertThat(copy.allocatedBytes()).isEqualTo(file.allocatedBytes());
    assertThat(read(copy, FAR - 1, 2 * PAGE + 1)).isEqualTo(read(file, FAR - 1, 2 * PAGE + 1));
    assertThat(read(copy, 0, PAGE)).as("a hole over data").isEqualTo(new byte[PAGE]);
  }

  @Test
  void aCopyEndsWhereTheSpaceEnds() {
    write(0, bytes(40 * PAGE, 7));
    FileData copy = new FileData(pool, heap);
    assertThat(copy.copyFrom(file, 0, 0, 40L * PAGE)).isEqualTo(24L * PAGE);
    assertThat(copy.copyFrom(file, 40L * PAGE, 0, 10)).as("behind the end").isZero();
  }

  @Test
  void doesWhatAnArrayDoes() {
    long seed = System.nanoTime();
    Model model = new Model(new Random(seed));
    file.truncate(FAR);
    for (int step = 0; step < 20_000; step++) {
      model.step("seed " + seed + " step " + step);
    }
    file.free();
    assertThat(pool.pagesUsed()).isZero();
    assertThat(heap.left()).isEqualTo(1 << 20);
  }

  /** What the file must hold from {@link #FAR} on; one page more than there is space for. */
  private final class Model {
    private final Random random;
    private final byte[] content = new byte[PAGES * PAGE];
    private int size;

    Model(Random random) {
      this.random = random;
    }

    void step(String where) {
      int from = random.nextInt(content.length);
      int to = Math.min(content.length, from + random.nextInt(1, 5 * PAGE));
      switch (random.nextInt(6)) {
        case 0, 1 -> write(from, to);
        case 2 -> {
          file.truncate(FAR + from);
          Arrays.fill(content, from, content.length, (byte) 0);
          size = from;
        }
        case 3 -> {
          file.punch(FAR + from, to - from);
          Arrays.fill(content, from, to, (byte) 0);
        }
        case 4 -> allocate(from, to);
        default -> {
          byte[] expected = Arrays.copyOfRange(content, from, Math.max(from, Math.min(size, to)));
          assertThat(read(file, FAR + from, to - from)).as(where).isEqualTo(expected);
        }
      }
      assertThat(file.size()).as(where).isEqualTo(FAR + size);
    }

    private void write(int from, int to) {
      byte[] bytes = new byte[to - from];
      random.nextBytes(bytes);
      int written = (int) FileDataTest.this.write(FAR + from, bytes);
      System.arraycopy(bytes, 0, content, from, written);
      size = written == 0 ? size : Math.max(size, from + written);
    }

    private void allocate(int from, int to) {
      boolean zero = random.nextBoolean();
      if (file.allocate(FAR + from, to - from, zero, false)) {
        size = Math.max(size, to);
        if (zero) {
          Arrays.fill(content, from, to, (byte) 0);
        }
      }
    }
  }
}
