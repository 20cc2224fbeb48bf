package io.fusewire.filesystems.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PagePoolTest {
  private static final int PAGES = 70_000; // 273 MiB

  private final PagePool pool = new PagePool((long) PAGES * PagePool.PAGE);

  @AfterEach
  void close() {
    pool.close();
  }

  private long filled() {
    long page = pool.take(true);
    pool.memory(page).asSlice(PagePool.offset(page), PagePool.PAGE).fill((byte) 1);
    return page;
  }

  private void giveAll(List<Long> pages) {
    long[] array = pages.stream().mapToLong(Long::longValue).toArray();
    pool.give(array, 0, array.length);
  }

  @Test
  void aReservationGetsAllOrNothing() {
    assertThat(pool.reserve(PAGES - 1)).isTrue();
    assertThat(pool.reserve(2)).isFalse();
    assertThat(pool.pagesUsed()).isEqualTo(PAGES - 1);
    assertThat(pool.reserve(1)).isTrue();
    assertThat(pool.reserve(1)).isFalse();
    assertThat(pool.reserve(0)).isTrue();
    pool.unreserve(PAGES);
    assertThat(pool.reserve(PAGES + 1L)).isFalse();
    assertThat(pool.reserve(PAGES)).isTrue();
  }

  @Test
  void whatFitsCanBeReserved() {
    assertThat(pool.reserveUpTo(PAGES - 3)).isEqualTo(PAGES - 3);
    assertThat(pool.reserveUpTo(10)).isEqualTo(3);
    assertThat(pool.reserveUpTo(10)).isZero();
  }

  @Test
  void aPageThatWasUsedIsZeroWhenItMustBe() {
    pool.reserve(1);
    giveAll(List.of(filled()));
    pool.reserve(1);
    long page = pool.take(true);
    assertThat(pool.memory(page).get(ValueLayout.JAVA_BYTE, PagePool.offset(page) + 99)).isZero();
  }

  @Test
  void pagesTakenInTurnLieSideBySide() {
    pool.reserve(3);
    long first = pool.take(false);
    long second = pool.take(false);
    assertThat(PagePool.adjacent(first, second)).isTrue();
    assertThat(PagePool.adjacent(second, first)).isFalse();
    assertThat(PagePool.adjacent(1024, 1025)).as("regions").isFalse();
  }

  @Test
  void memoryOfFreePagesGoesBackToTheKernel() throws IOException {
    pool.reserve(PAGES);
    List<Long> odd = new ArrayList<>();
    List<Long> even = new ArrayList<>();
    for (int i = 0; i < PAGES; i++) {
      (i % 2 == 0 ? even : odd).add(filled());
    }
    long full = residentBytes();
    giveAll(even);
    long half = residentBytes();
    giveAll(odd);
    long none = residentBytes();
    long spare = (long) PagePool.DIRTY_MAX * PagePool.PAGE + (32L << 20);
    long bytes = (long) PAGES * PagePool.PAGE;
    assertThat(full - half).as("scattered pages").isGreaterThan(bytes / 2 - spare);
    assertThat(full - none).isGreaterThan(bytes - spare);
    assertThat(pool.pagesUsed()).isZero();
  }

  private static long residentBytes() throws IOException {
    String statm = Files.readString(Path.of("/proc/self/statm"));
    return Long.parseLong(statm.split(" ", -1)[1]) * PagePool.PAGE;
  }

  @Test
  void noPageIsTakenTwice() throws InterruptedException {
    ConcurrentHashMap<Long, Thread> taken = new ConcurrentHashMap<>();
    List<Thread> threads = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      threads.add(Thread.ofPlatform().start(() -> takeAndGive(taken, errors)));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(errors).isEmpty();
    assertThat(pool.pagesUsed()).isZero();
  }

  private void takeAndGive(ConcurrentHashMap<Long, Thread> taken, List<String> errors) {
    for (int round = 0; round < 200; round++) {
      List<Long> mine = new ArrayList<>();
      for (int i = 0; i < 100 && pool.reserve(1); i++) {
        long page = pool.take(false);
        mine.add(page);
        if (taken.put(page, Thread.currentThread()) != null) {
          synchronized (errors) {
            errors.add("twice: " + page);
          }
        }
      }
      mine.forEach(taken::remove);
      giveAll(mine);
    }
  }
}
