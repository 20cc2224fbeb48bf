package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.FlatFileSystem;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.linux.sys.CString;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a request costs while nobody watches. */
@Timeout(100)
class CostRegressionIT {
  private static final int REQUESTS = 2_000;
  private static final long BYTES_MAX = 8;
  private static final long NANOS_MAX = TimeUnit.SECONDS.toNanos(60);

  @BeforeAll
  static void requireMounts() {
    RealMounts.require();
  }

  /** R67, R70: without a trace, and through a layer, a request allocates nothing. */
  @Test
  void r67_r70_withTracingOffARequestAllocatesNothing() throws Exception {
    FlatFileSystem fileSystem = new FlatFileSystem();
    fileSystem.put("file", new byte[0]);
    try (RealMount real = RealMount.mount(fileSystem, Mode.INLINE);
        Arena arena = Arena.ofConfined()) {
      long path = CString.of(arena, real.directory.toString()).address();
      MemorySegment status = arena.allocate(256, Long.BYTES);
      long begin = System.nanoTime();
      long perRequest;
      do { // until the compiler has done its part
        long before = allocated();
        for (int i = 0; i < REQUESTS; i++) {
          assertThat(Sys.stat(path, status.address()) == 0).isTrue();
        }
        perRequest = (allocated() - before) / REQUESTS;
      } while (perRequest > BYTES_MAX && System.nanoTime() - begin < NANOS_MAX);
      assertThat(perRequest).as("bytes allocated for a GETATTR").isLessThanOrEqualTo(BYTES_MAX);
    }
  }

  /** Bytes that the mount's threads have allocated so far. */
  private static long allocated() throws ReflectiveOperationException {
    List<Thread> threads =
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("fusewire-regress"))
            .toList();
    assertThat(threads).isNotEmpty();
    long bytes = 0;
    for (Thread thread : threads) {
      bytes += Management.allocated(thread.threadId());
    }
    return bytes;
  }

  /** By reflection, because the module under test does not read java.management. */
  private static final class Management {
    private static final Object BEAN;
    private static final Method ALLOCATED;

    static {
      try {
        BEAN =
            Class.forName("java.lang.management.ManagementFactory")
                .getMethod("getThreadMXBean")
                .invoke(null);
        ALLOCATED =
            Class.forName("com.sun.management.ThreadMXBean")
                .getMethod("getThreadAllocatedBytes", long.class);
      } catch (ReflectiveOperationException e) {
        throw new ExceptionInInitializerError(e);
      }
    }

    static long allocated(long thread) throws ReflectiveOperationException {
      return Math.max(0, (Long) ALLOCATED.invoke(BEAN, thread));
    }
  }
}
