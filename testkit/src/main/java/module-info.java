import org.jspecify.annotations.NullMarked;

/**
 * What tests of file systems need: a kernel to play, scripts, a POSIX suite, and mounts with time
 * limits.
 */
@NullMarked
module io.fusewire.testkit {
  requires static org.jspecify;
  requires transitive io.fusewire;

  exports io.fusewire.testkit;
}
