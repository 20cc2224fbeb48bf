package io.fusewire.schedule;

import static io.fusewire.raw.RequestClass.BACKGROUND;
import static io.fusewire.raw.RequestClass.CONTROL;
import static io.fusewire.raw.RequestClass.FOREGROUND;
import static io.fusewire.raw.RequestClass.METADATA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.fusewire.raw.RequestClass;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Who may run beside whom: one below each limit, at it, and one above. */
class PermitsTest {
  private static final List<RequestClass> QUEUED = List.of(METADATA, FOREGROUND, BACKGROUND);
  private static final long PLENTY = 1L << 40;

  private static final class Request extends Queued {}

  private static Request request(RequestClass requestClass, boolean sync, long bytes) {
    Request request = new Request();
    request.classify(requestClass, sync, bytes);
    return request;
  }

  /** Starts as many as may start, and says how many those were. */
  private static int fill(Permits permits, RequestClass requestClass, boolean sync, long bytes) {
    int started = 0;
    while (started < 10_000 && permits.mayStart(requestClass, sync, bytes, true)) {
      permits.acquire(request(requestClass, sync, bytes));
      started++;
    }
    return started;
  }

  @Test
  void dataLeavesPermitsToSyncRequestsAndBothLeaveSomeToMetadata() {
    int[][] limitDataSyncMetadata = {
      {1, 1, 0, 0},
      {2, 1, 0, 1},
      {3, 2, 0, 1},
      {4, 2, 1, 1},
      {10, 8, 1, 1},
      {19, 17, 1, 1},
      {20, 17, 1, 2},
      {100, 89, 1, 10},
      {319, 287, 1, 31},
      {320, 287, 1, 32},
      {1024, 991, 1, 32},
    };
    for (int[] expected : limitDataSyncMetadata) {
      int limit = expected[0];
      for (RequestClass data : List.of(FOREGROUND, BACKGROUND)) {
        Permits permits = new Permits(limit, PLENTY);
        assertThat(fill(permits, data, false, 1)).as("data of %d", limit).isEqualTo(expected[1]);
        assertThat(fill(permits, FOREGROUND, true, 0)).as("%d", limit).isEqualTo(expected[2]);
        assertThat(fill(permits, METADATA, false, 0)).as("%d", limit).isEqualTo(expected[3]);
        assertThat(permits.inFlight()).isEqualTo(limit);
      }
      assertThat(fill(new Permits(limit, PLENTY), METADATA, false, 1)).isEqualTo(limit);
      assertThat(fill(new Permits(limit, PLENTY), FOREGROUND, true, 0))
          .isEqualTo(limit - expected[3]);
    }
  }

  @Test
  void controlRequestsNeedNoPermit() {
    Permits permits = new Permits(1, 1);
    assertThat(fill(permits, METADATA, false, 0)).isEqualTo(1);
    assertThat(permits.mayStart(CONTROL, false, 1000, false)).isTrue();
    assertThat(permits.inFlight(CONTROL)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> request(CONTROL, false, 0));
  }

  @Test
  void bytesAreExactAndEachShareIsItsOwn() {
    Permits permits = new Permits(100, 1000); // 900 for data, 100 for metadata
    Request first = request(FOREGROUND, false, 800);
    permits.acquire(first);
    assertThat(permits.mayStart(FOREGROUND, false, 99, false)).isTrue();
    assertThat(permits.mayStart(FOREGROUND, false, 100, false)).isTrue();
    assertThat(permits.mayStart(FOREGROUND, false, 101, false)).isFalse();
    assertThat(permits.mayStart(BACKGROUND, false, 101, true)).isFalse();
    permits.acquire(request(BACKGROUND, false, 100));
    assertThat(permits.mayStart(FOREGROUND, false, 1, false)).isFalse();
    assertThat(permits.mayStart(FOREGROUND, false, 0, false)).isTrue();
    assertThat(permits.mayStart(METADATA, false, 99, false)).isTrue();
    permits.acquire(request(METADATA, false, 99));
    assertThat(permits.mayStart(METADATA, false, 1, false)).isTrue();
    assertThat(permits.mayStart(METADATA, false, 2, false)).isFalse();
    assertThat(permits.bytes()).isEqualTo(999);
    permits.release(first);
    assertThat(permits.mayStart(FOREGROUND, false, 800, false)).isTrue();
    assertThat(permits.mayStart(FOREGROUND, false, 801, false)).isFalse();
  }

  @Test
  void aRequestLargerThanItsShareRunsWhenNoOtherOfItDoes() {
    Permits permits = new Permits(100, 1000);
    Request small = request(FOREGROUND, false, 1);
    permits.acquire(small);
    assertThat(permits.mayStart(BACKGROUND, false, 5000, true)).isFalse();
    permits.release(small);
    permits.acquire(request(METADATA, false, 50));
    assertThat(permits.mayStart(BACKGROUND, false, 5000, true)).isTrue();
    permits.acquire(request(BACKGROUND, false, 5000));
    assertThat(permits.mayStart(FOREGROUND, false, 1, true)).isFalse();
    assertThat(permits.mayStart(METADATA, false, 50, false)).isTrue();
  }

  @Test
  void underMemoryPressureOnlyUrgentBackgroundStarts() {
    Permits permits = new Permits(100, 1000);
    permits.acquire(request(FOREGROUND, false, 750));
    assertThat(permits.mayStart(BACKGROUND, false, 1, false)).isTrue();
    permits.acquire(request(FOREGROUND, false, 1));
    assertThat(permits.mayStart(BACKGROUND, false, 1, false)).isFalse();
    assertThat(permits.mayStart(BACKGROUND, false, 1, true)).isTrue();
    assertThat(permits.mayStart(FOREGROUND, false, 1, false)).isTrue();
  }

  @Test
  void aLoweredLimitWaitsForWhatRuns() {
    Permits permits = new Permits(4, PLENTY);
    List<Request> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      running.add(request(METADATA, false, 0));
      permits.acquire(running.get(i));
    }
    permits.limit(2);
    permits.release(running.get(0));
    permits.release(running.get(1));
    assertThat(permits.inFlight()).isEqualTo(2);
    assertThat(permits.mayStart(METADATA, false, 0, true)).isFalse();
    permits.release(running.get(2));
    assertThat(permits.mayStart(METADATA, false, 0, true)).isTrue();
    permits.limit(1);
    assertThat(permits.mayStart(METADATA, false, 0, true)).isFalse();
    permits.limit(1024);
    assertThat(permits.mayStart(FOREGROUND, false, 0, false)).isTrue();
    assertThat(permits.limit()).isEqualTo(1024);
  }

  @Test
  void aPermitIsTakenAndGivenBackOnce() {
    Permits permits = new Permits(4, PLENTY);
    Request request = request(FOREGROUND, true, 10);
    assertThatIllegalStateException().isThrownBy(() -> permits.release(request));
    permits.acquire(request);
    assertThatIllegalStateException().isThrownBy(() -> permits.acquire(request));
    assertThatIllegalStateException().isThrownBy(() -> request.classify(METADATA, false, 0));
    permits.release(request);
    assertThatIllegalStateException().isThrownBy(() -> permits.release(request));
    assertThat(permits.inFlight()).isZero();
    assertThat(permits.bytes()).isZero();
  }

  @Test
  void impossibleLimitsAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Permits(0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new Permits(1, 0));
    assertThatIllegalArgumentException().isThrownBy(() -> new Permits(1, 1).limit(0));
    assertThatIllegalArgumentException().isThrownBy(() -> request(METADATA, false, -1));
  }

  @Test
  void costIsCountedInUnitsOf64KiB() {
    assertThat(request(METADATA, false, 1 << 20).cost()).isEqualTo(1);
    assertThat(request(FOREGROUND, false, 0).cost()).isEqualTo(1);
    assertThat(request(FOREGROUND, false, 1).cost()).isEqualTo(1);
    assertThat(request(FOREGROUND, false, 65_536).cost()).isEqualTo(1);
    assertThat(request(FOREGROUND, false, 65_537).cost()).isEqualTo(2);
    assertThat(request(BACKGROUND, false, 1 << 20).cost()).isEqualTo(16);
    assertThat(request(BACKGROUND, false, Long.MAX_VALUE).cost()).isEqualTo(Integer.MAX_VALUE);
    assertThat(request(BACKGROUND, true, 0).sync()).isFalse();
  }

  @Test
  void countsReturnToNothingWhateverRanBesideEachOther() {
    for (long seed = 0; seed < 200; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      long bytesMax = random.nextLong(1, 1 << 20);
      Permits permits = new Permits(random.nextInt(1, 30), bytesMax);
      List<Request> running = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        RequestClass requestClass = QUEUED.get(random.nextInt(3));
        Request next =
            request(requestClass, random.nextBoolean(), random.nextLong(bytesMax / 10 + 1));
        if (random.nextInt(20) == 0) {
          permits.limit(random.nextInt(1, 30));
        } else if (random.nextBoolean() && permits.mayStart(next, random.nextBoolean())) {
          permits.acquire(next);
          running.add(next);
          assertThat(permits.inFlight()).as("seed %d", seed).isLessThanOrEqualTo(permits.limit());
          assertThat(permits.bytes()).as("seed %d", seed).isLessThanOrEqualTo(bytesMax);
        } else if (!running.isEmpty()) {
          permits.release(running.remove(random.nextInt(running.size())));
        }
      }
      running.forEach(permits::release);
      assertThat(permits.inFlight()).as("seed %d", seed).isZero();
      assertThat(permits.bytes()).as("seed %d", seed).isZero();
    }
  }
}
