package io.fusewire.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;

/**
 * The same step again and again on several threads. Each goes on until all have done enough, so
 * that they meet however the machine shares its processors out.
 */
final class Together {
  private Together() {}

  /**
   * Does it.
   *
   * @param least how often each thread does the step at least
   * @param step gets the index of its thread
   * @return how often all threads did it
   */
  static long run(int threads, int least, IntConsumer step)
      throws InterruptedException, ExecutionException {
    AtomicInteger ready = new AtomicInteger();
    long steps = 0;
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Long>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int index = i;
        results.add(
            pool.submit(
                () -> {
                  long own = 0;
                  while (own < least || ready.get() < threads) {
                    step.accept(index);
                    own++;
                    if (own == least) {
                      ready.incrementAndGet();
                    }
                  }
                  return own;
                }));
      }
      for (Future<Long> result : results) {
        steps += result.get();
      }
    }
    return steps;
  }
}
