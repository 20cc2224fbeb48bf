import org.jspecify.annotations.NullMarked;

/** File systems on the inode API: in memory, and mirroring a directory. */
@NullMarked
module io.fusewire.filesystems {
  requires static org.jspecify;
  requires transitive io.fusewire;

  exports io.fusewire.filesystems.memory;
  exports io.fusewire.filesystems.passthrough;
}
