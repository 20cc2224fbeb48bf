import org.jspecify.annotations.NullMarked;

/** Benchmarks: a null file system, its server, and the comparison with plain C. */
@NullMarked
module io.fusewire.benchmarks {
  requires static org.jspecify;
  requires io.fusewire;
  requires java.management;
  requires jdk.management;
}
