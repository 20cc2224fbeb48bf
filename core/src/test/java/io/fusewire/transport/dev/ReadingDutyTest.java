package io.fusewire.transport.dev;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One reader at a time, and nobody waits for ever. */
@Timeout(60)
class ReadingDutyTest {
  private static final int READERS = 4;
  private static final int ROUNDS = 20_000;

  /** Readers that take their seats first and are started together. */
  private static List<Thread> readers(ReadingDuty duty, int count, IntConsumer action) {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int index = i;
      Thread thread = Thread.ofPlatform().unstarted(() -> action.accept(index));
      duty.seat(i, thread);
      threads.add(thread);
    }
    return threads;
  }

  private static void awaitWaiting(ReadingDuty duty) {
    while (!duty.someoneWaits()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void onlyOneHoldsItAndEverybodyGetsIt() throws InterruptedException {
    ReadingDuty duty = new ReadingDuty(READERS, () -> false, true);
    AtomicInteger holders = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger rounds = new AtomicInteger();
    List<Thread> threads =
        readers(
            duty,
            READERS,
            index -> {
              for (int i = 0; i < ROUNDS; i++) {
                if (duty.acquire(index)) {
                  most.accumulateAndGet(holders.incrementAndGet(), Math::max);
                  rounds.incrementAndGet();
                  holders.decrementAndGet();
                  duty.release();
                }
              }
            });
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(most).hasValue(1);
    assertThat(rounds).hasValue(READERS * ROUNDS);
    assertThat(duty.someoneWaits()).isFalse();
  }

  @Test
  void aReleaseWakesWhoWaits() throws InterruptedException {
    ReadingDuty duty = new ReadingDuty(2, () -> false, true);
    AtomicInteger got = new AtomicInteger();
    List<Thread> threads =
        readers(
            duty,
            2,
            index -> {
              if (duty.acquire(index)) {
                got.incrementAndGet();
                duty.release();
              }
            });
    duty.seat(0, Thread.currentThread());
    assertThat(duty.acquire(0)).isTrue();
    threads.get(1).start();
    awaitWaiting(duty);
    assertThat(got).hasValue(0);
    duty.release();
    threads.get(1).join();
    assertThat(got).hasValue(1);
  }

  @Test
  void whoComesToWaitSeesARequestThatWasLeftBefore() {
    Queue<String> left = new ConcurrentLinkedQueue<>();
    ReadingDuty duty = new ReadingDuty(2, () -> !left.isEmpty(), false);
    duty.seat(0, Thread.currentThread());
    duty.seat(1, Thread.currentThread());
    assertThat(duty.acquire(0)).isTrue();
    left.add("nobody waited when this was left");
    assertThat(duty.acquire(1)).isFalse();
    assertThat(duty.isOver()).isFalse();
    assertThat(duty.someoneWaits()).isFalse();
  }

  @Test
  void everyRequestThatIsLeftIsTaken() throws InterruptedException {
    Queue<Integer> left = new ConcurrentLinkedQueue<>();
    ReadingDuty duty = new ReadingDuty(2, () -> !left.isEmpty(), false);
    Semaphore taken = new Semaphore(0);
    List<Thread> threads =
        readers(
            duty,
            2,
            index -> {
              while (!duty.isOver()) {
                takeAll(left, taken);
                if (duty.acquire(index)) {
                  duty.release();
                }
              }
            });
    duty.seat(0, Thread.currentThread());
    assertThat(duty.acquire(0)).isTrue();
    threads.get(1).start();
    for (int i = 0; i < ROUNDS; i++) {
      left.add(i);
      if (duty.someoneWaits()) {
        duty.release();
        do {
          takeAll(left, taken);
        } while (!duty.acquire(0));
      }
      assertThat(taken.tryAcquire(10, TimeUnit.SECONDS)).as("round %d", i).isTrue();
    }
    duty.end();
    threads.get(1).join();
  }

  private static void takeAll(Queue<Integer> left, Semaphore taken) {
    while (left.poll() != null) {
      taken.release();
    }
  }

  @Test
  void theEndWakesEverybodyWithNothing() throws InterruptedException {
    ReadingDuty duty = new ReadingDuty(READERS, () -> false, true);
    AtomicInteger refused = new AtomicInteger();
    CountDownLatch started = new CountDownLatch(READERS - 1);
    List<Thread> threads =
        readers(
            duty,
            READERS,
            index -> {
              started.countDown();
              if (!duty.acquire(index)) {
                refused.incrementAndGet();
              }
            });
    duty.seat(0, Thread.currentThread());
    assertThat(duty.acquire(0)).isTrue();
    threads.subList(1, READERS).forEach(Thread::start);
    started.await();
    awaitWaiting(duty);
    duty.end();
    for (Thread thread : threads.subList(1, READERS)) {
      thread.join();
    }
    assertThat(refused).hasValue(READERS - 1);
    assertThat(duty.acquire(0)).isFalse();
  }

  @Test
  void nobodyReadsFreelyWhereRequestsAreLeft() {
    ReadingDuty duty = new ReadingDuty(1, () -> false, false);
    duty.largeWrite();
    assertThat(duty.isFree()).isFalse();
  }

  @Test
  void aLargeWriteLetsEverybodyReadUntilSixteenCheapRequestsHavePassed() {
    ReadingDuty duty = new ReadingDuty(1, () -> false, true);
    duty.seat(0, Thread.currentThread());
    assertThat(duty.isFree()).isFalse();
    duty.largeWrite();
    for (int i = 0; i < 16; i++) {
      assertThat(duty.isFree()).isTrue();
      duty.cheapRequest();
    }
    assertThat(duty.isFree()).isFalse();
    duty.cheapRequest();
    assertThat(duty.isFree()).isFalse();
  }
}
