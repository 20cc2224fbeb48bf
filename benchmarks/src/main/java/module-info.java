import org.jspecify.annotations.NullMarked;

/** Benchmarks: a null file system, its server, the comparison with plain C, and parts alone. */
@NullMarked
module io.fusewire.benchmarks {
  requires static org.jspecify;
  requires static jmh.core; // on the class path only, see RequestBenchmark
  requires static jdk.unsupported;
  requires io.fusewire;
  requires java.management;
  requires jdk.management;
}
