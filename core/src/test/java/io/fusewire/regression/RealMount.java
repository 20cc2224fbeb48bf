package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.linux.mount.FuseConnection;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A real mount on a directory of its own. Closing it checks that nothing is left. */
final class RealMount implements AutoCloseable {
  final Mount mount;
  final Path directory;

  private RealMount(Mount mount, Path directory) {
    this.mount = mount;
    this.directory = directory;
  }

  static RealMount mount(RawFileSystem fileSystem, MountOptions options) throws IOException {
    Path directory = Files.createTempDirectory("fusewire-regression").toRealPath();
    try {
      return new RealMount(Fusewire.mount(fileSystem, directory, options), directory);
    } catch (IOException | RuntimeException e) {
      Files.delete(directory); // fails when something is still mounted there
      throw e;
    }
  }

  /** Mounts with all handlers in this mode. */
  static RealMount mount(RawFileSystem fileSystem, Mode mode) throws IOException {
    return mount(mode.layer(fileSystem), mode.options());
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** The connection's control files. */
  FuseConnection connection() throws IOException {
    return FuseConnection.numbered(entry().minor());
  }

  MountTable.Entry entry() throws IOException {
    return Objects.requireNonNull(MountTable.at(directory.toString()), "not mounted");
  }

  /** Runs a program and gives its exit status. */
  static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).inheritIO().start().waitFor();
  }

  /** The open descriptors of /dev/fuse in this process. */
  static List<Path> descriptors() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(RealMount::isFuse).toList();
    }
  }

  private static boolean isFuse(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).endsWith("fuse");
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }

  @Override
  public void close() throws IOException {
    mount.close();
    assertThat(mount.state()).isEqualTo(Mount.State.CLOSED);
    assertThat(MountTable.at(directory.toString())).isNull();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("fusewire-regress-"));
    Files.delete(directory);
  }
}
