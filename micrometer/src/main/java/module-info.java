import org.jspecify.annotations.NullMarked;

/** The metrics of a mount as meters of Micrometer. */
@NullMarked
module io.fusewire.micrometer {
  requires static org.jspecify;
  requires transitive io.fusewire;
  requires micrometer.core;

  exports io.fusewire.micrometer;
}
