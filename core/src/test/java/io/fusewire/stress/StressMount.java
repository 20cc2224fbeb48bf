package io.fusewire.stress;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.dispatch.Dispatch;
import io.fusewire.linux.mount.FuseConnection;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.metrics.Counter;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** A mount with its client processes. Closing it checks that nothing of either is left. */
final class StressMount implements AutoCloseable {
  /** How many times as long as in the usual build; nightly runs set it. */
  static final int TIMES = Integer.getInteger("fusewire.stress.times", 1);

  /** How long anything may take that should take no time; the machine may be loaded. */
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Duration CLOSE_STEP = Duration.ofSeconds(3);

  final Mount mount;
  final Path directory;
  private final StressFiles fileSystem;
  private final List<Client> clients = new ArrayList<>();

  private StressMount(Mount mount, Path directory, StressFiles fileSystem) {
    this.mount = mount;
    this.directory = directory;
    this.fileSystem = fileSystem;
  }

  /** The ways to run handlers that can block. */
  static Stream<Dispatch> dispatches() {
    return Stream.of(Dispatch.workers(4), Dispatch.virtual(), Dispatch.hybrid());
  }

  static MountOptions options(Dispatch dispatch) {
    return MountOptions.create()
        .fsName("stress-" + dispatch.mode())
        .dispatch(dispatch)
        .closeTimeout(CLOSE_STEP)
        .noShutdownHook();
  }

  static StressMount mount(StressFiles fileSystem, MountOptions options) throws IOException {
    Path directory = Files.createTempDirectory("fusewire-stress").toRealPath();
    try {
      Mount mount = Fusewire.mount(fileSystem, directory, options);
      return new StressMount(mount, directory, fileSystem);
    } catch (IOException | RuntimeException e) {
      Files.delete(directory); // fails when something is still mounted there
      throw e;
    }
  }

  Path path(String name) {
    return directory.resolve(name);
  }

  /** Starts a program that uses the mount; {@link #close} ends it at the latest. */
  Client start(String... command) throws IOException {
    Client client = Client.start(command);
    clients.add(client);
    return client;
  }

  /** The connection's control files. */
  FuseConnection connection() throws IOException {
    MountTable.Entry entry = MountTable.at(directory.toString());
    return FuseConnection.numbered(Objects.requireNonNull(entry, "not mounted").minor());
  }

  long counter(Counter counter) {
    return mount.metrics().counter(counter);
  }

  /** Waits until it is so: what was answered is counted a moment after its caller goes on. */
  void awaitCounter(Counter counter, long value) {
    Waiting.until(
        () -> counter(counter) == value,
        () -> counter + " is " + counter(counter) + ", not " + value);
  }

  /** Removes all names and waits until the kernel has given everything back. */
  void assertConserved() throws IOException {
    for (String name : fileSystem.namesNow()) {
      Files.delete(path(name));
    }
    Waiting.until(() -> fileSystem.held.get() == 0 && fileSystem.opened() == 0, this::balance);
    assertThat(fileSystem.overdrawn).as("taken back twice").hasValue(0);
  }

  private String balance() {
    return fileSystem.held + " lookups and " + fileSystem.opened() + " open files are left";
  }

  @Override
  public void close() throws IOException {
    clients.forEach(Client::kill);
    mount.close();
    for (Client client : clients) {
      client.await(PATIENCE);
    }
    assertThat(mount.state()).isEqualTo(Mount.State.CLOSED);
    assertThat(MountTable.at(directory.toString())).isNull();
    assertThat(fileSystem.destroyed).hasValue(1);
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().startsWith("fusewire-stress-"));
    Files.delete(directory);
  }
}
