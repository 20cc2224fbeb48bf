package io.fusewire.benchmarks;

import io.fusewire.metrics.MetricsSnapshot;
import io.fusewire.metrics.RequestEvent;
import io.fusewire.metrics.SessionMetrics;
import io.fusewire.wire.Opcode;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What counting a request costs; with {@code -t 2} what it costs two readers of one mount. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class MetricsBenchmark {
  private static final int READ = Opcode.READ.number();

  private final SessionMetrics metrics = new SessionMetrics(System::nanoTime, List.of());

  /** Makes the benchmark. */
  public MetricsBenchmark() {}

  /** A request whose times were not taken. */
  @Benchmark
  public void untimed() {
    metrics.completedUntimed(READ, 0, 80, 4112);
  }

  /** A request with its times; the clock is not read here. */
  @Benchmark
  public void timed() {
    metrics.completed(READ, 700, 12_345, 0, 80, 4112);
  }

  /** Whether a recording wants requests: none does. */
  @Benchmark
  public @Nullable RequestEvent eventThatIsOff() {
    return RequestEvent.start();
  }

  /** All of it, as a scrape asks for it. */
  @Benchmark
  public MetricsSnapshot snapshot() {
    return metrics.snapshot();
  }
}
