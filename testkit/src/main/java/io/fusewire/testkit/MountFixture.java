package io.fusewire.testkit;

import io.fusewire.linux.mount.FuseConnection;
import io.fusewire.linux.mount.MountPoints;
import io.fusewire.linux.mount.MountTable;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A mount on a directory of its own for one test. Closing it ends the mount, aborts and lazily
 * unmounts what is stuck, and throws an {@link AssertionError} when a request waits for its answer
 * or a descriptor, thread or mount is left. Used by one thread; tests that use it must not run side
 * by side in one process.
 */
public final class MountFixture implements AutoCloseable {
  private static final Duration CLOSE_TIME = Duration.ofSeconds(20);
  private static final Duration LEAK_TIME = Duration.ofSeconds(3);
  private static final long LEAK_PAUSE_MILLIS = 20;

  /** Notices dropped replies for all mounts of the process, from the first one on. */
  private static final String SHARED_THREAD = "fusewire-dropped-replies";

  /** Class files, random numbers, the listing itself; empty for what is closed meanwhile. */
  private static final Pattern OF_JVM =
      Pattern.compile("|.*(\\.jar|\\.so|\\.class|/modules|/dev/u?random)|/proc/.*|.*\\[event.*");

  private final Path directory;
  private final Set<String> threadsBefore;
  private final Set<String> descriptorsBefore;
  private final Mount mount;
  private final FuseConnection connection;

  private MountFixture(RawFileSystem fileSystem, MountOptions options) throws IOException {
    threadsBefore = threads();
    descriptorsBefore = descriptors();
    directory = Files.createTempDirectory("fusewire-test").toRealPath();
    mount = Fusewire.mount(fileSystem, directory, options);
    connection = FuseConnection.numbered(minor(directory));
  }

  /** Mounts on a new directory below the temporary directory. */
  public static MountFixture mount(RawFileSystem fileSystem, MountOptions options)
      throws IOException {
    return new MountFixture(fileSystem, options);
  }

  /** The mount point, without symbolic links. */
  public Path directory() {
    return directory;
  }

  /** The mount itself. */
  public Mount mount() {
    return mount;
  }

  @Override
  public void close() throws IOException {
    boolean stuck = false;
    String waiting = "";
    try {
      waiting = last(this::unanswered);
      Thread closer = Thread.ofPlatform().name("mount-fixture-closer").start(mount::close);
      if (!closer.join(CLOSE_TIME)) {
        stuck = true;
        connection.abort();
        MountPoints.unmount(directory.toString(), true);
        closer.join(CLOSE_TIME);
      }
      Check.that(!stuck, "close() ends within " + CLOSE_TIME);
      Check.that(mount.state() == Mount.State.CLOSED, "the mount is closed");
      Check.that(waiting.isEmpty(), "every request was answered, but: " + waiting);
      String left = last(this::left);
      Check.that(left.isEmpty(), "nothing is left of the mount, but: " + left);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while closing", e);
    }
    if (MountTable.at(directory.toString()) == null) {
      Files.deleteIfExists(directory);
    }
  }

  /** What is left when the kernel and the JVM have had a moment to forget what has ended. */
  private static String last(Supplier<String> leftovers) throws InterruptedException {
    long end = System.nanoTime() + LEAK_TIME.toNanos();
    String left = leftovers.get();
    while (!left.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(LEAK_PAUSE_MILLIS);
      left = leftovers.get();
    }
    return left;
  }

  /** Requests that hold a place; none where the kernel cannot be asked. */
  private String unanswered() {
    long waiting = mount.state() == Mount.State.SERVING ? connection.waiting() : 0;
    return waiting > 0 ? waiting + " requests" : "";
  }

  private String left() {
    return Stream.of(
            mounts(), beyond(threads(), threadsBefore), beyond(descriptors(), descriptorsBefore))
        .flatMap(Set::stream)
        .collect(Collectors.joining(", "));
  }

  private static Set<String> beyond(Set<String> after, Set<String> before) {
    Set<String> more = new TreeSet<>(after);
    more.removeAll(before);
    return more;
  }

  /** What is mounted on the directory, which was not there before. */
  private Set<String> mounts() {
    try {
      MountTable.Entry entry = MountTable.at(directory.toString());
      return entry == null ? Set.of() : Set.of(entry.toString());
    } catch (IOException e) {
      throw new AssertionError("mountinfo", e);
    }
  }

  private static int minor(Path mountPoint) throws IOException {
    MountTable.Entry entry = MountTable.at(mountPoint.toString());
    return entry == null ? FuseConnection.UNKNOWN : entry.minor();
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("fusewire"))
        .filter(thread -> !thread.getName().equals(SHARED_THREAD))
        .map(thread -> thread.getName() + "#" + thread.threadId())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** The open descriptors with their numbers, without those that the JVM opens for itself. */
  private static Set<String> descriptors() {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors.toList()) {
        String target = target(descriptor);
        if (!OF_JVM.matcher(target).matches()) {
          found.add(descriptor + " -> " + target);
        }
      }
    } catch (IOException e) {
      throw new AssertionError("/proc/self/fd", e);
    }
    return found;
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }
}
