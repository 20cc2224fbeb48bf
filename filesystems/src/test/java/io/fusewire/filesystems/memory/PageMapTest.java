package io.fusewire.filesystems.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PageMapTest {
  private static final long LAST = FileData.BYTES_MAX / PagePool.PAGE - 1;

  private final PageMap map = new PageMap();
  private final List<Long> given = new ArrayList<>();

  private void remove(long from, long to) {
    map.remove(
        from,
        to,
        (pages, first, last) -> {
          for (int i = first; i < last; i++) {
            if (pages[i] != 0) {
              given.add(pages[i]);
            }
          }
        });
  }

  @Test
  void anEmptyMapIsOneHole() {
    assertThat(map.get(0)).isZero();
    assertThat(map.get(LAST)).isZero();
    assertThat(map.next(0)).isEqualTo(-1);
    assertThat(map.nextHole(0)).isZero();
    assertThat(map.nextHole(LAST)).isEqualTo(LAST);
    remove(0, Long.MAX_VALUE);
    assertThat(given).isEmpty();
  }

  @Test
  void theFirstAndTheLastIndexOfTheLargestFile() {
    map.put(0, 7);
    map.put(LAST, 8);
    assertThat(map.get(0)).isEqualTo(7);
    assertThat(map.get(LAST)).isEqualTo(8);
    assertThat(map.get(LAST - 1)).isZero();
    assertThat(map.next(1)).isEqualTo(LAST);
    assertThat(map.nextHole(0)).isEqualTo(1);
    assertThat(map.nextHole(LAST)).isGreaterThan(LAST);
    remove(1, Long.MAX_VALUE);
    assertThat(given).containsExactly(8L);
    assertThat(map.size()).isEqualTo(1);
  }

  @Test
  void aRangeEndsBeforeItsEnd() {
    for (long index = 60; index < 70; index++) {
      map.put(index, index);
    }
    remove(62, 66);
    assertThat(given).containsExactly(62L, 63L, 64L, 65L);
    assertThat(map.next(62)).isEqualTo(66);
    assertThat(map.nextHole(60)).isEqualTo(62);
    remove(5, 5);
    assertThat(map.size()).isEqualTo(6);
  }

  @Test
  void whatIsRemovedTakesNoHeap() {
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      long index = random.nextLong(LAST);
      if (map.get(index) == 0) {
        map.put(index, i + 1);
      }
    }
    assertThat(map.heapBytes()).isPositive();
    remove(0, Long.MAX_VALUE);
    assertThat(map.size()).isZero();
    assertThat(map.heapBytes()).isZero();
  }

  @Test
  void oneSmallFileTakesLittleHeap() {
    map.put(0, 1);
    assertThat(map.heapBytes()).isLessThanOrEqualTo(24);
  }

  @Test
  void doesWhatASortedMapDoes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TreeMap<Long, Long> model = new TreeMap<>();
    for (int i = 1; i < 100_000; i++) {
      long index = random.nextLong() >>> random.nextInt(13, 64);
      String where = "seed " + seed + " step " + i;
      assertThat(map.get(index)).as(where).isEqualTo(model.getOrDefault(index, 0L));
      switch (random.nextInt(10)) {
        case 0 -> {
          long end = index + 1 + (random.nextLong() >>> random.nextInt(13, 64));
          given.clear();
          remove(index, end);
          assertThat(given).as(where).containsExactlyElementsOf(model.subMap(index, end).values());
          model.subMap(index, end).clear();
        }
        case 1, 2 -> {
          Long next = model.ceilingKey(index);
          assertThat(map.next(index)).as(where).isEqualTo(next == null ? -1 : next);
          long hole = index;
          while (model.containsKey(hole)) {
            hole++;
          }
          assertThat(map.nextHole(index)).as(where).isEqualTo(hole);
        }
        default -> {
          if (!model.containsKey(index)) {
            map.put(index, i);
            model.put(index, (long) i);
          }
        }
      }
      assertThat(map.size()).as(where).isEqualTo(model.size());
    }
  }
}
