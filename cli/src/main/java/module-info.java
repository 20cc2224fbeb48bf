import org.jspecify.annotations.NullMarked;

/** The command line: mounts, unmounts, tells what is wrong. */
@NullMarked
module io.fusewire.cli {
  requires static org.jspecify;
  requires io.fusewire;
  requires io.fusewire.filesystems;
  requires info.picocli;

  opens io.fusewire.cli to
      info.picocli;
}
