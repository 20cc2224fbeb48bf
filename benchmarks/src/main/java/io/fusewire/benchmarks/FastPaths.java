package io.fusewire.benchmarks;

import io.fusewire.benchmarks.FastPath.Client;
import io.fusewire.metrics.MetricsSnapshot;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What each {@link FastPath} gains: both mounts in turns, and a line of a table for each. */
public final class FastPaths {
  private static final int ROUNDS = 5;
  private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private FastPaths() {}

  /** A round on one mount. */
  record Round(double perSecond, double requests) {}

  /** Prints the table. */
  public static void main(String[] arguments) throws Exception {
    System.out.println(
        "| Fast path | requests an operation: without, with | ops/s, with / without |");
    System.out.println("|---|---|---|");
    for (FastPath each : FastPath.all()) {
      System.out.println(row(each));
    }
  }

  private static String row(FastPath path) throws Exception {
    try (Side slow = new Side(path, false);
        Side fast = new Side(path, true)) {
      slow.round(ROUND_NANOS); // the first round is for the JIT compiler
      fast.round(ROUND_NANOS);
      List<Round> without = new ArrayList<>();
      List<Round> with = new ArrayList<>();
      double[] ratios = new double[ROUNDS];
      for (int i = 0; i < ROUNDS; i++) {
        without.add(slow.round(ROUND_NANOS));
        with.add(fast.round(ROUND_NANOS));
        ratios[i] = with.getLast().perSecond() / without.getLast().perSecond();
      }
      Arrays.sort(ratios);
      return String.format(
          Locale.ROOT,
          "| %s | %.2f, %.2f | %.2f (%.2f..%.2f) |",
          path.name(),
          without.getLast().requests(),
          with.getLast().requests(),
          ratios[ROUNDS / 2],
          ratios[0],
          ratios[ROUNDS - 1]);
    }
  }

  /** A mount with the fast path, or without, and the threads that use it. */
  static final class Side implements AutoCloseable {
    private final FastPath path;
    private final FastFileSystem fileSystem;
    private final Path directory;
    private final Mount mount;
    private final List<Client> files = new ArrayList<>();
    private final ExecutorService threads;

    Side(FastPath path, boolean isFast) throws IOException {
      this.path = path;
      fileSystem = new FastFileSystem(isFast ? path.fast() : path.slow());
      directory = Files.createTempDirectory("fusewire-fast").toRealPath();
      mount =
          Fusewire.mount(fileSystem, directory, isFast ? path.fastOptions() : path.slowOptions());
      threads = Executors.newFixedThreadPool(path.threads());
      for (int i = 0; i < path.threads(); i++) {
        files.add(new Client(directory));
      }
    }

    FastFileSystem fileSystem() {
      return fileSystem;
    }

    /** Works for so long, on all threads. */
    Round round(long nanos) throws InterruptedException, ExecutionException {
      MetricsSnapshot before = mount.metrics();
      long began = System.nanoTime();
      long operations = 0;
      List<Callable<Long>> tasks = new ArrayList<>();
      for (Client each : files) {
        tasks.add(() -> work(each, began + nanos));
      }
      for (var done : threads.invokeAll(tasks)) {
        operations += done.get();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      MetricsSnapshot during = mount.metrics().minus(before);
      return new Round(operations / seconds, (double) during.count() / operations);
    }

    private long work(Client own, long end) throws IOException {
      int n = 0;
      do {
        path.work().once(own, n);
        n++;
      } while (System.nanoTime() < end);
      return n;
    }

    @Override
    public void close() throws IOException {
      threads.shutdown();
      for (Client each : files) {
        each.close();
      }
      mount.close();
      Files.delete(directory);
    }
  }
}
