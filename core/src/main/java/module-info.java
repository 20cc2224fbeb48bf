import org.jspecify.annotations.NullMarked;

/** The Fusewire core: the FUSE protocol, its transports, the inode API and the life of a mount. */
@NullMarked
@SuppressWarnings("module") // exports to modules that are built later
module io.fusewire {
  requires static org.jspecify;
  requires jdk.jfr;

  exports io.fusewire.wire;
  exports io.fusewire.wire.layout;
  exports io.fusewire.wire.flag;
  exports io.fusewire.raw;
  exports io.fusewire.dispatch;
  exports io.fusewire.metrics;
  exports io.fusewire.node;
  exports io.fusewire.session;
  exports io.fusewire.wire.struct to
      io.fusewire.testkit;
  exports io.fusewire.linux.sys to
      io.fusewire.filesystems,
      io.fusewire.testkit,
      io.fusewire.cli,
      io.fusewire.benchmarks;
  exports io.fusewire.linux.ffi to
      io.fusewire.filesystems,
      io.fusewire.testkit,
      io.fusewire.cli,
      io.fusewire.benchmarks;
  exports io.fusewire.linux.mount to
      io.fusewire.testkit,
      io.fusewire.cli;
  exports io.fusewire.schedule to
      io.fusewire.benchmarks;
  exports io.fusewire.transport to
      io.fusewire.testkit,
      io.fusewire.benchmarks;
  exports io.fusewire.transport.memory to
      io.fusewire.filesystems,
      io.fusewire.testkit,
      io.fusewire.benchmarks;
}
