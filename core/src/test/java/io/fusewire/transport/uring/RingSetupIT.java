package io.fusewire.transport.uring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.linux.mount.MountRequest;
import io.fusewire.linux.mount.MountedDevice;
import io.fusewire.linux.mount.Mounters;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.raw.AttrReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Timeouts;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.session.TransportKind;
import io.fusewire.wire.Errno;
import io.fusewire.wire.Opcode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rings that come about, and rings that do not: in each case there is a mount that serves. */
@Timeout(60)
class RingSetupIT {
  private static final UringTransport.Depth DEPTH = new UringTransport.Depth(4, 0);

  /** Any name is a link; remembers the thread that was asked last. */
  private static final class Names implements RawFileSystem {
    final AtomicReference<String> thread = new AtomicReference<>("");

    @Override
    public Execution execution(Opcode opcode) {
      return Execution.INLINE;
    }

    @Override
    public void lookup(Lookup.Request request, EntryReply reply) {
      thread.set(Thread.currentThread().getName());
      reply.entry(7, FileAttributes.symlink(7, 1), Timeouts.NONE);
    }

    @Override
    public void getattr(Getattr.Request request, AttrReply reply) {
      reply.attributes(
          request.nodeId() == 1 ? FileAttributes.directory(1, 0755) : FileAttributes.symlink(7, 1),
          0);
    }
  }

  private final Names names = new Names();

  @BeforeEach
  void require() {
    RealMounts.requireUring();
  }

  /** What is done with a mount. */
  private interface Use {
    void of(Mount mount, Path directory, MountedDevice device) throws Exception;
  }

  /** Mounts, serves with this transport, asks for a name, and gives what the transport became. */
  private String served(Callable<CpuList> cpus, Faults faults, TransportKind kind)
      throws Exception {
    AtomicReference<String> became = new AtomicReference<>("");
    serve(
        cpus,
        faults,
        kind,
        (mount, directory, device) -> {
          assertThat(Files.isSymbolicLink(directory.resolve("name"))).isTrue();
          assertThat(device.unmount(false)).isZero();
          became.set(mount.transport());
        });
    return became.get();
  }

  private void serve(Callable<CpuList> cpus, Faults faults, TransportKind kind, Use use)
      throws Exception {
    Path directory = Files.createTempDirectory("fusewire-rings").toRealPath();
    MountRequest request = MountRequest.plain(directory.toString(), "rings");
    MountedDevice device = Mounters.forRequest(request).mount(request);
    UringTransport transport =
        new UringTransport(
            device.descriptor(), "rings", DEPTH, () -> device.connection().abort(), cpus, faults);
    MountOptions options = MountOptions.create().transport(kind);
    try (Mount mount = Fusewire.serve(names, transport, options)) {
      use.of(mount, directory, device);
    } finally {
      device.unmount(true);
      transport.close();
      device.close();
      Files.delete(directory);
    }
  }

  private static List<String> ringThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.contains("-ring-"))
        .toList();
  }

  @Test
  void requestsComeThroughTheRing() throws Exception {
    assertThat(served(CpuList::ofThisMachine, Faults.NONE, TransportKind.URING))
        .startsWith("io_uring, ");
    assertThat(names.thread.get()).contains("-ring-");
    assertThat(ringThreads()).isEmpty();
  }

  @Test
  void aCpuThatIsNotThereHasItsQueueAllTheSame() throws Exception {
    CpuList cpus = CpuList.ofThisMachine();
    CpuList one = new CpuList(cpus.possible(), List.of(cpus.online().getFirst()));
    for (int i = 0; i < 20; i++) { // on whichever CPU this thread is
      assertThat(served(() -> one, Faults.NONE, TransportKind.URING)).startsWith("io_uring, ");
      assertThat(names.thread.get()).endsWith("-ring-" + cpus.online().getFirst());
    }
  }

  @Test
  void aRingThatCannotBeMadeLeavesTheDevice() throws Exception {
    for (int cpu : CpuList.ofThisMachine().online()) {
      Faults faults =
          new Faults() {
            @Override
            public boolean atOpen(int at) {
              return at == cpu;
            }
          };
      assertThat(served(CpuList::ofThisMachine, faults, TransportKind.AUTO)).isEqualTo("/dev/fuse");
      assertThat(names.thread.get()).contains("-reader-");
      assertThat(ringThreads()).isEmpty();
      assertThatThrownBy(() -> served(CpuList::ofThisMachine, faults, TransportKind.URING))
          .isInstanceOf(LinuxException.class)
          .hasMessageContaining("io_uring_setup(0)")
          .hasMessageContaining("transport=auto");
    }
  }

  @Test
  void aQueueWithoutAnyEntryLeavesTheDevice() throws Exception {
    for (int queue : CpuList.ofThisMachine().possible()) {
      Faults faults =
          new Faults() {
            @Override
            public boolean atRegister(int at, int entry) {
              return at == queue;
            }
          };
      assertThat(served(CpuList::ofThisMachine, faults, TransportKind.AUTO)).isEqualTo("/dev/fuse");
      assertThat(names.thread.get()).contains("-reader-");
      assertThat(ringThreads()).isEmpty();
      assertThatThrownBy(() -> served(CpuList::ofThisMachine, faults, TransportKind.URING))
          .hasMessageContaining("refused to register");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void aQueueIsAsDeepAsItBecomes(int entries) throws Exception {
    Faults faults =
        new Faults() {
          @Override
          public boolean atRegister(int queue, int entry) {
            return entry >= entries;
          }
        };
    assertThat(served(CpuList::ofThisMachine, faults, TransportKind.URING))
        .startsWith("io_uring, ");
    assertThat(names.thread.get()).contains("-ring-");
  }

  @Test
  void unknownCpusLeaveTheDevice() throws Exception {
    assertThat(
            served(
                () -> {
                  throw new IOException("no /sys here");
                },
                Faults.NONE,
                TransportKind.AUTO))
        .isEqualTo("/dev/fuse");
  }

  @Test
  void aRingThatFailsWhileItServesEndsTheMount() throws Exception {
    AtomicInteger errno = new AtomicInteger();
    Faults faults =
        new Faults() {
          @Override
          public int atEnter(int cpu) {
            return errno.get();
          }
        };
    serve(
        CpuList::ofThisMachine,
        faults,
        TransportKind.URING,
        (mount, directory, device) -> {
          assertThat(Files.isSymbolicLink(directory.resolve("name"))).isTrue();
          errno.set(-Errno.EBADF);
          assertThatThrownBy(() -> Files.readSymbolicLink(directory.resolve("other")))
              .isInstanceOf(IOException.class);
          mount.join();
        });
    assertThat(ringThreads()).isEmpty();
  }

  @Test
  @Timeout(1700) // 10 000 mounts each night
  void manyMountsLeaveNothing() throws Exception {
    int cycles = Integer.getInteger("fusewire.test.cycles", 500);
    Path directory = Files.createTempDirectory("fusewire-cycles").toRealPath();
    MountOptions options =
        MountOptions.create().fsName("cycles").transport(TransportKind.URING).noShutdownHook();
    try {
      cycle(directory, options);
      long descriptors = count("/proc/self/fd");
      long threads = count("/proc/self/task");
      for (int i = 0; i < cycles; i++) {
        cycle(directory, options);
      }
      System.out.printf(
          "%d mounts over io_uring: %d and %d descriptors, %d and %d threads%n",
          cycles, descriptors, count("/proc/self/fd"), threads, count("/proc/self/task"));
      assertThat(count("/proc/self/fd")).isLessThanOrEqualTo(descriptors + 2);
      assertThat(count("/proc/self/task")).isLessThanOrEqualTo(threads + 8); // of the JVM itself
      assertThat(ringThreads()).isEmpty();
    } finally {
      Files.delete(directory);
    }
  }

  private void cycle(Path directory, MountOptions options) throws IOException {
    try (Mount mount = Fusewire.mount(names, directory, options)) {
      assertThat(mount.transport()).startsWith("io_uring, ");
      assertThat(Files.isSymbolicLink(directory.resolve("name"))).isTrue();
    }
  }

  private static long count(String directory) throws IOException {
    try (Stream<Path> all = Files.list(Path.of(directory))) {
      return all.count();
    }
  }
}
