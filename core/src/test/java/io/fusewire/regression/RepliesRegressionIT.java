package io.fusewire.regression;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.FlatFileSystem;
import io.fusewire.Logs;
import io.fusewire.linux.mount.RealMounts;
import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.raw.Access;
import io.fusewire.raw.DataReply;
import io.fusewire.raw.EmptyReply;
import io.fusewire.raw.EntryReply;
import io.fusewire.raw.Fallocate;
import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.Flush;
import io.fusewire.raw.Fsync;
import io.fusewire.raw.Fsyncdir;
import io.fusewire.raw.Getxattr;
import io.fusewire.raw.Listxattr;
import io.fusewire.raw.Lookup;
import io.fusewire.raw.OpenReply;
import io.fusewire.raw.Opendir;
import io.fusewire.raw.Read;
import io.fusewire.raw.Readlink;
import io.fusewire.raw.Release;
import io.fusewire.raw.Releasedir;
import io.fusewire.raw.Removexattr;
import io.fusewire.raw.Rename;
import io.fusewire.raw.Rmdir;
import io.fusewire.raw.Setlk;
import io.fusewire.raw.Setxattr;
import io.fusewire.raw.Timeouts;
import io.fusewire.raw.Unlink;
import io.fusewire.raw.XattrReply;
import io.fusewire.wire.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The seed's defects in replies and errors, as callers of a real mount see them. */
@Timeout(60)
class RepliesRegressionIT {
  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final byte[] VALUE = {0, 1, 2, 'v', 'a', 'l', 0, (byte) 0xff};
  private static final byte[] LIST = "user.a\0user.b\0".getBytes(StandardCharsets.UTF_8);

  @BeforeAll
  static void requireMounts() {
    RealMounts.require();
  }

  /** Fails all fourteen operations that the seed answered with a wrong sign. */
  private static final class Failing extends FlatFileSystem {
    final AtomicInteger released = new AtomicInteger();

    private static void fail(EmptyReply reply) {
      reply.error(Errno.EDQUOT);
    }

    @Override
    public void open(io.fusewire.raw.Open.Request request, OpenReply reply) {
      reply.open(1, 0);
    }

    @Override
    public void opendir(Opendir.Request request, OpenReply reply) {
      reply.open(2, 0);
    }

    @Override
    public void unlink(Unlink.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void rmdir(Rmdir.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void rename(Rename.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void release(Release.Request request, EmptyReply reply) {
      released.incrementAndGet();
      fail(reply);
    }

    @Override
    public void releasedir(Releasedir.Request request, EmptyReply reply) {
      released.incrementAndGet();
      fail(reply);
    }

    @Override
    public void fsync(Fsync.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void fsyncdir(Fsyncdir.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void setxattr(Setxattr.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void removexattr(Removexattr.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void flush(Flush.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void access(Access.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void fallocate(Fallocate.Request request, EmptyReply reply) {
      fail(reply);
    }

    @Override
    public void setlk(Setlk.Request request, EmptyReply reply) {
      fail(reply);
    }
  }

  /** R1: the caller sees exactly the errno, and the mount lives, for all fourteen operations. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r01_theCallerSeesExactlyTheErrnoAndTheMountLives(Mode mode) throws Exception {
    Failing fileSystem = new Failing();
    fileSystem.put("file", CONTENT);
    try (RealMount real =
        RealMount.mount(mode.layer(fileSystem), mode.options().option("posix_locks"))) {
      Path file = real.path("file");
      Files.createDirectory(real.path("dir"));
      assertThat(Sys.unlink(file, 0)).isEqualTo(-Errno.EDQUOT);
      assertThat(Sys.unlink(real.path("dir"), At.REMOVEDIR)).isEqualTo(-Errno.EDQUOT);
      assertThat(Sys.rename(file, real.path("new"), 0)).isEqualTo(-Errno.EDQUOT);
      assertThat(Sys.rename(file, real.path("new"), 1)).isEqualTo(-Errno.EDQUOT);
      assertThat(Sys.access(file, 4)).isEqualTo(-Errno.EDQUOT);
      assertThat(Sys.setxattr(file, "user.a", "v")).isEqualTo(-Errno.EDQUOT);
      assertThat(Sys.removexattr(file, "user.a")).isEqualTo(-Errno.EDQUOT);
      int fd = Sys.opened(file, Open.RDWR);
      assertThat(FileCalls.fsync(fd)).isEqualTo(-Errno.EDQUOT);
      assertThat(FileCalls.fallocate(fd, 0, 0, 10)).isEqualTo(-Errno.EDQUOT);
      assertThat(Sys.lock(fd)).isEqualTo(-Errno.EDQUOT);
      assertThat(FileCalls.close(fd)).as("flush").isEqualTo(-Errno.EDQUOT);
      int directory = Sys.opened(real.directory, Open.RDONLY | Open.DIRECTORY);
      assertThat(FileCalls.fsync(directory)).isEqualTo(-Errno.EDQUOT);
      FileCalls.close(directory);
      Awaitility.await() // the kernel sends RELEASE after close(2), and none once it unmounts
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(fileSystem.released).hasValueGreaterThanOrEqualTo(2));
      real.mount.unmount();
    }
    assertThat(fileSystem.destroyed).hasValue(1);
  }

  /** R2: without flush, release and access, files can be opened, read and closed. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r02_withoutFlushReleaseAndAccessFilesWork(Mode mode) throws Exception {
    FlatFileSystem fileSystem = new FlatFileSystem();
    fileSystem.put("file", CONTENT);
    try (RealMount real = RealMount.mount(fileSystem, mode)) {
      for (int i = 0; i < 3; i++) {
        assertThat(Files.readAllBytes(real.path("file"))).isEqualTo(CONTENT);
        assertThat(Sys.access(real.path("file"), 4)).isZero();
        Files.write(real.path("file"), CONTENT);
      }
      assertThat(Files.exists(real.path("absent"))).isFalse();
    }
  }

  /** R3: an extended attribute comes once, byte for byte, and too little room is ERANGE. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r03_extendedAttributesComeOnceByteForByte(Mode mode) throws Exception {
    FlatFileSystem fileSystem =
        new FlatFileSystem() {
          @Override
          public void getxattr(Getxattr.Request request, XattrReply reply) {
            reply.value(VALUE);
          }

          @Override
          public void listxattr(Listxattr.Request request, XattrReply reply) {
            reply.value(LIST);
          }
        };
    fileSystem.put("file", CONTENT);
    try (RealMount real = RealMount.mount(fileSystem, mode)) {
      Path file = real.path("file");
      assertThat(Sys.xattr(file, "user.a", 256)).isEqualTo(VALUE);
      assertThat(Sys.xattr(file, "", 256)).isEqualTo(LIST);
      assertThat(Sys.xattrResult(file, "user.a", 0)).isEqualTo(VALUE.length);
      assertThat(Sys.xattrResult(file, "", 0)).isEqualTo(LIST.length);
      assertThat(Sys.xattrResult(file, "user.a", VALUE.length - 1)).isEqualTo(-Errno.ERANGE);
      assertThat(Sys.xattrResult(file, "", LIST.length - 1)).isEqualTo(-Errno.ERANGE);
      assertThat(Files.readAllBytes(file)).isEqualTo(CONTENT);
    }
  }

  /** R11: a reply that the kernel refuses is reported with its request; the mount lives. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r11_aReplyThatTheKernelRefusesIsReportedAndTheMountLives(Mode mode) throws Exception {
    FlatFileSystem fileSystem =
        new FlatFileSystem() {
          @Override
          public void lookup(Lookup.Request request, EntryReply reply) {
            if (request.name().contentEquals("link")) {
              reply.entry(99, FileAttributes.symlink(99, 5), Timeouts.NONE);
            } else {
              super.lookup(request, reply);
            }
          }

          @Override
          public void readlink(Readlink.Request request, DataReply reply) {
            reply.data(new byte[5000]); // more than the kernel has room for
          }
        };
    fileSystem.put("file", CONTENT);
    try (Logs logs = Logs.caught();
        RealMount real = RealMount.mount(fileSystem, mode)) {
      assertThatThrownBy(() -> Files.readSymbolicLink(real.path("link")))
          .hasMessageContaining("Input/output error");
      Awaitility.await() // the caller may be faster than the server's log
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(logs.messages()).hasSize(1));
      assertThat(logs.messages().getFirst()).contains("READLINK", "unique", "EINVAL");
      assertThat(Files.readAllBytes(real.path("file"))).isEqualTo(CONTENT);
    }
  }

  /** R14: after an exception in a handler the caller has EIO, the mount serves and unmounts. */
  @ParameterizedTest
  @EnumSource(Mode.class)
  void r14_afterAnExceptionTheMountServesAndUnmounts(Mode mode) throws Exception {
    FlatFileSystem fileSystem =
        new FlatFileSystem() {
          @Override
          public void read(Read.Request request, DataReply reply) {
            throw new ArithmeticException("a bug");
          }
        };
    fileSystem.put("file", CONTENT);
    try (Logs logs = Logs.caught();
        RealMount real = RealMount.mount(fileSystem, mode)) {
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> Files.readAllBytes(real.path("file")))
            .hasMessageContaining("Input/output error");
      }
      assertThat(logs.messages()).isNotEmpty().allMatch(line -> line.contains("READ"));
      assertThat(Files.size(real.path("file"))).isEqualTo(CONTENT.length);
      real.mount.unmount();
    }
    assertThat(fileSystem.destroyed).hasValue(1);
  }
}
