package io.fusewire.transport.uring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.linux.mount.RealMounts;
import io.fusewire.raw.AttrReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Execution;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Getattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.Open;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.RawFileSystem;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Unlink;
import io.fusewire.raw.Write;
import io.fusewire.raw.WriteReply;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.session.TransportKind;
import io.fusewire.wire.Opcode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers that are late, early, or given by the library, where memory is the kernel's too. */
@Timeout(60)
class RingAnswersIT {
  private Path directory = Path.of("");

  @BeforeEach
  void require() throws IOException {
    RealMounts.requireUring();
    directory = Files.createTempDirectory("fusewire-answers").toRealPath();
  }

  @AfterEach
  void delete() throws IOException {
    Files.delete(directory);
  }

  private static MountOptions options() {
    return MountOptions.create()
        .fsName("answers")
        .transport(TransportKind.URING)
        .ringDepth(1)
        .interruptGrace(Duration.ofMillis(50))
        .closeTimeout(Duration.ofSeconds(3))
        .noShutdownHook();
  }

  /** Every name is a file that can be opened. */
  private static class OneFile implements RawFileSystem {
    private final Execution execution;

    OneFile(Execution execution) {
      this.execution = execution;
    }

    @Override
    public Execution execution(Opcode opcode) {
      return execution;
    }

    @Override
    public void lookup(Lookup.Request request, EntryReply reply) {
      reply.entry(7, FileAttributes.file(7, 0644, 0), Timeouts.NONE);
    }

    @Override
    public void getattr(Getattr.Request request, AttrReply reply) {
      reply.attributes(
          request.nodeId() == 1
              ? FileAttributes.directory(1, 0755)
              : FileAttributes.file(7, 0644, 0),
          0);
    }

    @Override
    public void open(Open.Request request, OpenReply reply) {
      reply.open(0, io.fusewire.wire.flag.OpenFlags.DIRECT_IO);
    }
  }

  /** A handler that goes on after its answer holds nobody back, and keeps its request. */
  @Test
  void anAnswerDoesNotWaitForItsHandler() throws Exception {
    CountDownLatch permission = new CountDownLatch(1);
    AtomicReference<String> name = new AtomicReference<>("");
    RawFileSystem fileSystem =
        new OneFile(Execution.VIRTUAL) {
          @Override
          public void unlink(Unlink.Request request, EmptyReply reply) {
            reply.ok();
            try {
              permission.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            name.set(request.name().toString());
          }
        };
    try (Mount mount = Fusewire.mount(fileSystem, directory, options())) {
      Files.delete(directory.resolve("removed")); // while its handler still waits
      for (int i = 0; i < 50; i++) { // the depth is 1: the queue would be stuck
        assertThat(Files.exists(directory.resolve("other" + i))).isTrue();
      }
      permission.countDown();
      mount.unmount();
      assertThat(name.get()).isEqualTo("removed");
    }
  }

  /** Answers are right when the watchdog sends them at the moment when their handlers return. */
  @Test
  void anAnswerIsWholeWhoeverSendsIt() throws Exception {
    int writers = 4;
    int each = 150;
    RawFileSystem fileSystem =
        new OneFile(Execution.VIRTUAL) {
          @Override
          public void write(Write.Request request, WriteReply reply) {
            int size = request.size();
            reply.written(size);
            LockSupport.parkNanos(size * 60_000L); // up to a round of the watchdog and more
          }
        };
    MountOptions options = options().ringDepth(8).interruptGrace(Duration.ofMillis(25));
    try (Mount mount = Fusewire.mount(fileSystem, directory, options);
        ExecutorService pool = Executors.newFixedThreadPool(writers)) {
      List<Future<Integer>> wrong = new ArrayList<>();
      for (int i = 0; i < writers; i++) {
        Path file = directory.resolve("file" + i);
        wrong.add(pool.submit(() -> wrongWrites(file, each)));
      }
      for (Future<Integer> one : wrong) {
        assertThat(one.get()).isZero();
      }
      mount.unmount();
    }
  }

  private static int wrongWrites(Path file, int count) throws IOException {
    int wrong = 0;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 1; i <= count; i++) {
        int size = 1 + i % 100;
        if (channel.write(ByteBuffer.allocate(size)) != size) {
          wrong++;
        }
      }
    }
    return wrong;
  }

  /** A request that was answered for goes on in memory of its own, whatever comes after it. */
  @Test
  void aRequestKeepsItsDataAfterTheLibraryHasAnswered() throws Exception {
    AtomicReference<MemorySegment> data = new AtomicReference<>();
    AtomicReference<WriteReply> kept = new AtomicReference<>();
    CountDownLatch writing = new CountDownLatch(1);
    RawFileSystem fileSystem =
        new OneFile(Execution.INLINE) {
          @Override
          public void write(Write.Request request, WriteReply reply) {
            if (data.get() == null) {
              data.set(request.data().asSlice(request.dataOffset(), request.size()));
              kept.set(reply.later());
              writing.countDown();
            } else {
              reply.written(request.size());
            }
          }
        };
    try (Mount mount = Fusewire.mount(fileSystem, directory, options())) {
      Path file = directory.resolve("file");
      Process writer =
          new ProcessBuilder("sh", "-c", "exec dd of=" + file + " conv=notrunc status=none")
              .start();
      writer.getOutputStream().write("first and only".getBytes(UTF_8));
      writer.getOutputStream().close();
      writing.await();
      writer.destroyForcibly().waitFor(); // returns: the library answers after the grace time
      for (int i = 0; i < 50; i++) {
        Files.write(file, ("next " + i + " of many").getBytes(UTF_8), StandardOpenOption.WRITE);
      }
      byte[] seen = data.get().toArray(ValueLayout.JAVA_BYTE);
      assertThat(new String(seen, UTF_8)).isEqualTo("first and only");
      kept.get().written(seen.length);
      mount.unmount();
    }
  }

  /** What cannot be had is said with what to do. */
  @Test
  void withoutTheKernelsOfferThereIsNoMountOverIoUring() throws Exception {
    Path enable = Path.of("/sys/module/fuse/parameters/enable_uring");
    Files.writeString(enable, "N");
    try {
      assertThatThrownBy(() -> Fusewire.mount(new OneFile(Execution.INLINE), directory, options()))
          .hasMessageContaining("OVER_IO_URING")
          .hasMessageContaining("echo Y > " + enable);
      MountOptions any = options().transport(TransportKind.AUTO);
      try (Mount mount = Fusewire.mount(new OneFile(Execution.INLINE), directory, any)) {
        assertThat(mount.transport()).isEqualTo("/dev/fuse");
        assertThat(Files.exists(directory.resolve("name"))).isTrue();
      }
    } finally {
      Files.writeString(enable, "Y");
    }
  }

  /** Switching io_uring off is for new mounts: those there are go on. */
  @Test
  void aMountOutlivesTheKernelsSwitch() throws Exception {
    Path enable = Path.of("/sys/module/fuse/parameters/enable_uring");
    try (Mount mount = Fusewire.mount(new OneFile(Execution.INLINE), directory, options())) {
      Files.writeString(enable, "N");
      assertThat(mount.transport()).startsWith("io_uring");
      for (int i = 0; i < 50; i++) {
        assertThat(Files.exists(directory.resolve("name" + i))).isTrue();
      }
    } finally {
      Files.writeString(enable, "Y");
    }
  }
}
