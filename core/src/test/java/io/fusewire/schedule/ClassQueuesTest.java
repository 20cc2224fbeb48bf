package io.fusewire.schedule;

import static io.fusewire.raw.RequestClass.BACKGROUND;
import static io.fusewire.raw.RequestClass.FOREGROUND;
import static io.fusewire.raw.RequestClass.METADATA;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.fusewire.dispatch.ClassSettings;
import io.fusewire.raw.RequestClass;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** In which order waiting requests start. */
class ClassQueuesTest {
  private static final long MILLI = 1_000_000;
  private static final ClassQueues.Admissible ALL = (head, urgent) -> true;
  private static final ClassQueues.Admissible NO_DATA =
      (head, urgent) -> head.requestClass() == METADATA;

  private static final List<RequestClass> LANES =
      List.of(METADATA, FOREGROUND, BACKGROUND, FOREGROUND);
  private static final int SYNC = 3;

  private static final class Request extends Queued {
    private Request(RequestClass requestClass, boolean sync, long bytes) {
      classify(requestClass, sync, bytes);
    }
  }

  private final ClassQueues queues = new ClassQueues(ClassSettings.DEFAULT);

  private Request add(RequestClass requestClass, long bytes, long now) {
    Request request = new Request(requestClass, false, bytes);
    queues.add(request, now);
    return request;
  }

  private Request sync(long now) {
    Request request = new Request(FOREGROUND, true, 0);
    queues.add(request, now);
    return request;
  }

  private Map<RequestClass, Integer> serve(int count, long now) {
    Map<RequestClass, Integer> served = new EnumMap<>(RequestClass.class);
    for (int i = 0; i < count; i++) {
      Queued next = requireNonNull(queues.poll(now, ALL));
      served.merge(next.requestClass(), 1, Integer::sum);
    }
    return served;
  }

  @Test
  void nothingWaits() {
    assertThat(queues.poll(0, ALL)).isNull();
    assertThat(queues.size()).isZero();
    assertThat(queues.oldest(5)).isZero();
    assertThat(queues.size(RequestClass.CONTROL)).isZero();
    assertThat(queues.oldest(RequestClass.CONTROL, 5)).isZero();
  }

  @Test
  void aLaneIsFirstInFirstOutAndAlsoGivesUpItsMiddle() {
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      requests.add(add(FOREGROUND, 1, i));
    }
    assertThat(queues.remove(requests.get(2))).isTrue();
    assertThat(queues.remove(requests.get(2))).isFalse();
    assertThat(queues.remove(requests.get(0))).isTrue();
    assertThat(queues.remove(requests.get(4))).isTrue();
    assertThat(queues.size(FOREGROUND)).isEqualTo(2);
    assertThat(queues.oldest(11)).isEqualTo(10);
    assertThat(queues.poll(0, ALL)).isSameAs(requests.get(1));
    queues.add(requests.get(1), 20); // at its end again
    assertThat(queues.poll(20, ALL)).isSameAs(requests.get(3));
    assertThat(queues.poll(20, ALL)).isSameAs(requests.get(1));
    assertThat(queues.size()).isZero();
  }

  @Test
  void aRequestWaitsOnce() {
    Request request = add(METADATA, 0, 0);
    assertThatIllegalStateException().isThrownBy(() -> queues.add(request, 1));
    assertThatIllegalStateException().isThrownBy(() -> request.classify(METADATA, false, 0));
  }

  @Test
  void classesShareByWeight() {
    for (int i = 0; i < 1300; i++) {
      add(METADATA, 0, 0);
      add(FOREGROUND, 4096, 0);
      add(BACKGROUND, 4096, 0);
    }
    assertThat(serve(1300, 1))
        .containsEntry(METADATA, 800)
        .containsEntry(FOREGROUND, 400)
        .containsEntry(BACKGROUND, 100);
  }

  @Test
  void largeRequestsPayForTheirSize() {
    for (int i = 0; i < 4000; i++) {
      add(FOREGROUND, 1 << 20, 0); // 16 units each
      add(BACKGROUND, 64 << 10, 0);
    }
    Map<RequestClass, Integer> served = serve(1000, 1);
    assertThat(served.get(FOREGROUND)).isBetween(195, 205); // 16 x 200 units : 800 units = 4 : 1
    assertThat(served.get(BACKGROUND)).isBetween(795, 805);
  }

  @Test
  void anEmptyLaneSavesNoCredit() {
    for (int i = 0; i < 500; i++) {
      add(METADATA, 0, 0);
    }
    assertThat(serve(500, 1)).containsEntry(METADATA, 500);
    for (int i = 0; i < 500; i++) {
      add(METADATA, 0, 2);
      add(FOREGROUND, 1, 2);
    }
    assertThat(serve(12, 3)).containsEntry(METADATA, 8).containsEntry(FOREGROUND, 4);
  }

  @Test
  void aSyncRequestDoesNotWaitBehindData() {
    for (int i = 0; i < 100; i++) {
      add(FOREGROUND, 1, 0);
    }
    Request sync = sync(1);
    assertThat(queues.size(FOREGROUND)).isEqualTo(101);
    assertThat(queues.poll(2, ALL)).isSameAs(sync);
  }

  @Test
  void aHeadThatDoesNotFitHoldsBackItsLaneOnly() {
    ClassQueues.Admissible small = (head, urgent) -> head.bytes() < 100;
    Request large = add(FOREGROUND, 100, 0);
    Request behind = add(FOREGROUND, 1, 0);
    Request other = add(BACKGROUND, 1, 0);
    assertThat(queues.poll(1, small)).isSameAs(other);
    assertThat(queues.poll(1, small)).isNull();
    assertThat(queues.poll(1, ALL)).isSameAs(large);
    assertThat(queues.poll(1, small)).isSameAs(behind);
  }

  @Test
  void anOverdueHeadThatDoesNotFitHoldsBackAllDataButNotTheRest() {
    ClassQueues.Admissible small = (head, urgent) -> head.bytes() < 100;
    Request large = add(BACKGROUND, 100, 0);
    long late = 2000 * MILLI + 1;
    Request young = add(FOREGROUND, 1, late);
    assertThat(queues.poll(2000 * MILLI, small)).isSameAs(young); // not overdue yet
    queues.add(young, late);
    assertThat(queues.poll(late, small)).isNull();
    Request sync = sync(late);
    Request metadata = add(METADATA, 0, late);
    assertThat(queues.poll(late, small)).isSameAs(metadata);
    assertThat(queues.poll(late, small)).isSameAs(sync);
    assertThat(queues.poll(late, small)).isNull();
    assertThat(queues.poll(late, ALL)).isSameAs(large);
    assertThat(queues.poll(late, small)).isSameAs(young);
  }

  @Test
  void anOverdueHeadStartsAfterFewOthersHoweverLateTheyAre() {
    for (int i = 0; i < 100; i++) {
      add(METADATA, 0, 0);
      add(FOREGROUND, 1, 0);
      sync(0);
    }
    long now = 3600 * 1000 * MILLI; // all of them are very late
    serve(17, now);
    Request background = add(BACKGROUND, 1 << 20, now - 2000 * MILLI - 1);
    int before = 0;
    for (Queued next = queues.poll(now, ALL); next != background; next = queues.poll(now, ALL)) {
      before++;
    }
    assertThat(before).isLessThanOrEqualTo(ClassQueues.STARTS_BEFORE_OVERDUE_MAX);
  }

  @Test
  void aLongLateLaneLeavesTheWeightsHalfOfTheStarts() {
    for (int i = 0; i < 1000; i++) {
      add(FOREGROUND, 1, 0);
    }
    long now = 10_000 * MILLI;
    for (int i = 0; i < 1000; i++) {
      add(METADATA, 0, now);
    }
    Map<RequestClass, Integer> served = serve(600, now);
    assertThat(served.get(METADATA)).isEqualTo(200); // 8 of 12 of every second start
    assertThat(served.get(FOREGROUND)).isEqualTo(400);
  }

  @Test
  void urgentIsWhoIsOverdueOrAlone() {
    List<String> asked = new ArrayList<>();
    ClassQueues.Admissible note =
        (head, urgent) -> {
          asked.add(head.requestClass() + " " + urgent);
          return false;
        };
    add(BACKGROUND, 1, 0);
    add(BACKGROUND, 1, 0);
    assertThat(queues.poll(1, note)).isNull();
    assertThat(asked).containsExactly("BACKGROUND true");
    add(FOREGROUND, 1, 0);
    asked.clear();
    assertThat(queues.poll(1, note)).isNull();
    assertThat(asked).containsExactly("FOREGROUND false", "BACKGROUND false");
    asked.clear();
    assertThat(queues.poll(200 * MILLI + 1, note)).isNull();
    assertThat(asked).contains("FOREGROUND true");
  }

  @Test
  void metadataPassesDataThatMayNotStart() {
    add(FOREGROUND, 1, 0);
    add(BACKGROUND, 1, 0);
    Request metadata = add(METADATA, 0, 0);
    long now = 10_000 * MILLI;
    assertThat(queues.poll(now, NO_DATA)).isSameAs(metadata);
    assertThat(queues.poll(now, NO_DATA)).isNull();
    assertThat(queues.oldest(BACKGROUND, now)).isEqualTo(now);
    assertThat(queues.oldest(METADATA, now)).isZero();
  }

  @Test
  void timesMayWrapAround() {
    Request request = add(METADATA, 0, Long.MAX_VALUE - 5);
    assertThat(queues.oldest(Long.MIN_VALUE + 4)).isEqualTo(10);
    assertThat(queues.poll(Long.MIN_VALUE + 4, ALL)).isSameAs(request);
  }

  /** Against plain queues: nothing is lost, nothing comes twice, each lane keeps its order. */
  @Test
  void anyMixtureKeepsTheOrderOfItsLanes() {
    for (long seed = 0; seed < 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      ClassQueues mixed = new ClassQueues(ClassSettings.DEFAULT);
      List<ArrayDeque<Request>> model = new ArrayList<>();
      for (int lane = 0; lane < 4; lane++) {
        model.add(new ArrayDeque<>());
      }
      long now = random.nextLong();
      for (int step = 0; step < 400; step++) {
        now += random.nextLong(100 * MILLI);
        int lane = random.nextInt(4);
        ArrayDeque<Request> plain = model.get(lane);
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            Request request = new Request(LANES.get(lane), lane == SYNC, random.nextLong(1 << 20));
            mixed.add(request, now);
            plain.add(request);
          }
          case 2 -> {
            Request any =
                plain.isEmpty() ? null : (Request) plain.toArray()[random.nextInt(plain.size())];
            if (any != null) {
              assertThat(mixed.remove(any)).isTrue();
              plain.remove(any);
            }
          }
          default -> {
            int mask = random.nextInt(16);
            Queued next = mixed.poll(now, (head, urgent) -> (mask & 1 << laneOf(head)) != 0);
            checkHead(seed, model, mask, next);
          }
        }
        assertThat(mixed.size())
            .as("seed %d", seed)
            .isEqualTo(model.stream().mapToInt(ArrayDeque::size).sum());
      }
    }
  }

  private static int laneOf(Queued request) {
    return request.sync() ? SYNC : LANES.indexOf(request.requestClass());
  }

  private static void checkHead(
      long seed, List<ArrayDeque<Request>> model, int mask, @Nullable Queued next) {
    if (next == null) {
      // Overdue data may hold back other data, but nothing holds back these two.
      assertThat((mask & 1) == 0 || model.get(0).isEmpty()).as("seed %d", seed).isTrue();
      assertThat((mask & 8) == 0 || model.get(3).isEmpty()).as("seed %d", seed).isTrue();
    } else {
      assertThat(mask & 1 << laneOf(next)).as("seed %d", seed).isNotZero();
      assertThat(model.get(laneOf(next)).poll()).as("seed %d", seed).isSameAs(next);
    }
  }
}
