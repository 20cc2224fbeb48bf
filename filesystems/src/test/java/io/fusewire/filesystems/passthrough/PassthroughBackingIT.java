package io.fusewire.filesystems.passthrough;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.filesystems.Needs;
import io.fusewire.linux.ffi.LinuxException;
import io.fusewire.metrics.OpcodeMetrics;
import io.fusewire.raw.Timeouts;
import io.fusewire.session.BackingState;
import io.fusewire.session.Fusewire;
import io.fusewire.session.Mount;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.MountFixture;
import io.fusewire.wire.Opcode;
import io.fusewire.wire.flag.InitFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose reads and writes the kernel takes to the backing files itself. */
@Timeout(120)
class PassthroughBackingIT {
  static final PassthroughOptions BACKING = PassthroughOptions.defaults().withBacking(true);

  @SuppressWarnings("NullAway.Init") // by the tests that need one
  private PassthroughMount mount;

  /** Mounts; skips the test where the kernel has no passthrough. */
  private void mount(PassthroughOptions options) throws IOException {
    mount = PassthroughMount.mount(options);
    Assumptions.assumeTrue(
        mount.fixture().mount().negotiation().grants(InitFlags.PASSTHROUGH),
        "the kernel offers no passthrough");
  }

  @AfterEach
  void close() throws IOException {
    if (mount != null) {
      assertThat(count(Opcode.OPEN) + count(Opcode.CREATE)).as("opened files").isPositive();
      mount.close();
      BackingState end = state();
      assertThat(end.closed()).as("backing files given back").isEqualTo(end.opened());
      assertThat(end.nodes()).isZero();
    }
  }

  private BackingState state() {
    return mount.fixture().mount().backing();
  }

  private long count(Opcode opcode) {
    OpcodeMetrics metrics = mount.fixture().mount().metrics().opcode(opcode);
    return metrics == null ? 0 : metrics.count();
  }

  private void assertKernelDidIt() {
    assertThat(count(Opcode.READ) + count(Opcode.WRITE)).as("READ and WRITE").isZero();
    assertThat(state().opened()).isPositive();
    assertThat(state().reason()).isEmpty();
  }

  @Test
  void whatIsReadAndWrittenIsInTheBackingFile() throws IOException {
    mount(BACKING);
    mount.script(
        """
        head -c 5000000 /dev/urandom > a; cmp a %1$s/a
        echo more >> a; cmp a %1$s/a; tail -c 5 a | grep -q more; test $(stat -c %%s a) = 5000005
        printf X | dd of=a bs=1 seek=1000000 conv=notrunc status=none; cmp a %1$s/a
        truncate -s 1000 a; test $(wc -c < a) = 1000; truncate -s 2000 a; cmp a %1$s/a
        cp a b; cmp b %1$s/a; mv b c; cat a c | wc -c | grep -q '^4000$'
        echo over > a; test "$(cat a)" = over; echo behind > %1$s/a; test "$(cat a)" = behind
        """
            .formatted(mount.backing()));
    assertKernelDidIt();
  }

  @Test
  void mapsReadAndWriteTheBackingFile() throws IOException {
    Needs.program("python3");
    mount(BACKING);
    mount.script(
        """
        head -c 100000 /dev/zero > f
        python3 -c '
        import mmap, os
        f = os.open("f", os.O_RDWR)
        m = mmap.mmap(f, 100000)
        m[50000:50005] = b"hello"
        assert os.pread(f, 5, 50000) == b"hello"
        os.pwrite(f, b"world", 90000)
        assert m[90000:90005] == b"world"
        os.close(f)
        m[0:5] = b"still"
        '
        cmp f %1$s/f; grep -aq still %1$s/f; grep -aq world %1$s/f
        """
            .formatted(mount.backing()));
    assertKernelDidIt();
  }

  @Test
  void attributesAreThoseOfTheBackingFileThoughTheKernelMayKeepThem() throws IOException {
    Needs.program("python3");
    mount(BACKING.withTimeouts(Timeouts.of(Duration.ofMinutes(1))));
    mount.script(
        """
        head -c 10 /dev/zero > f; touch -d 2001-02-03 f; stat f > /dev/null
        python3 -c '
        import mmap, os
        old = os.stat("f").st_mtime
        f = os.open("f", os.O_RDWR)
        m = mmap.mmap(f, 10)
        assert os.stat("f").st_mtime == old
        m[0:1] = b"x"
        assert os.stat("f").st_mtime > old + 1e8, "mtime after a write to a map"
        m.flush()
        os.utime("f", (old, old))
        os.pwrite(f, b"y" * 100, 0)
        s = os.stat("f")
        assert s.st_size == 100 and s.st_mtime > old + 1e8, "after write(2)"
        os.close(f)
        '
        test $(stat -c %s f) = 100; exec 3>>f; echo 12345 >&3; test $(stat -c %s f) = 106
        """);
    assertKernelDidIt();
    long before = count(Opcode.GETATTR);
    mount.script("for i in $(seq 20); do stat f > /dev/null; done");
    assertThat(count(Opcode.GETATTR) - before).as("asked again once it is closed").isLessThan(3);
  }

  /** Whatever is opened first: the others agree, or the kernel would give EIO. */
  @Test
  void opensOfAllKindsGoTogether() throws IOException {
    mount(BACKING);
    mount.script(
        """
        echo text > f; cat > d < f
        exec 3<f 4>>f 5<>f
        dd if=f iflag=direct bs=4096 status=none | grep -q text; echo more >> f; : > f; echo again > f
        test "$(cat f)" = again; truncate -s 0 f
        exec 3<&- 4>&- 5>&-
        """);
    assertThat(state().nodes()).isZero();
    assertThat(state().opened()).isEqualTo(state().closed()).isGreaterThan(2);
    mount.script(
        """
        chmod 4755 f; exec 3<f; chmod 755 f; exec 4<f; echo x >> f; test "$(cat f)" = x
        test "$(cat <&4)" = x
        exec 3<&- 4<&-; cat f
        """);
    assertThat(count(Opcode.WRITE)).as("beside an ordinary open: ordinary").isPositive();
  }

  @Test
  void openingAndClosingLeavesNothing() throws IOException {
    mount(BACKING);
    Path file = mount.directory().resolve("f");
    Files.writeString(file, "text");
    long descriptors = descriptors();
    int times = 10_000;
    for (int i = 0; i < times; i++) {
      Files.newByteChannel(file).close();
    }
    mount.script("stat f"); // behind the last RELEASE
    assertThat(count(Opcode.OPEN)).isGreaterThanOrEqualTo(times);
    assertThat(state().opened()).as("the others came before the last RELEASE").isGreaterThan(1000);
    awaitNothingOpen();
    assertThat(descriptors()).isLessThanOrEqualTo(descriptors + 1);
  }

  private void awaitNothingOpen() {
    long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (state().nodes() > 0 && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    assertThat(state().nodes()).isZero();
    assertThat(state().closed()).isEqualTo(state().opened());
  }

  private static long descriptors() throws IOException {
    try (var all = Files.list(Path.of("/proc/self/fd"))) {
      return all.count();
    }
  }

  @Test
  void opensFromManyProcessesNeverFail() throws IOException {
    mount(BACKING);
    mount.script(
        """
        for i in 0 1 2 3; do echo text > f$i; done
        worker() { n=0; while [ $n -lt 150 ]; do f=f$((n % 4)); n=$((n + 1))
          case $((($1 + n) % 4)) in
            0) read x < $f ;;
            1) echo line >> $f ;;
            2) dd if=$f iflag=direct of=/dev/null bs=4096 status=none ;;
            3) exec 3<>$f; exec 3>&- ;;
          esac; done; }
        pids=
        for w in 1 2 3 4; do worker $w & pids="$pids $!"; done
        for p in $pids; do wait $p; done
        """);
    assertThat(state().opened()).isPositive();
  }

  /** A backing file that the kernel keeps open must not keep the lock of who opened it first. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void locksEndWithTheirHolder(boolean forwards) throws IOException {
    mount(BACKING.withForwardLocks(forwards));
    mount.script(
        """
        echo text > f; mkfifo p q
        sh -c 'exec 3<f; flock 3; echo > p; read x < q' & holder=$!
        read x < p; exec 4<f
        ! flock -n f true
        echo > q; wait $holder
        flock -w 9 f true
        exec 4<&-
        """);
    Path classes = PassthroughMount.copyOfClasses();
    LockClient one = LockClient.start(classes, mount.directory().resolve("f"));
    try (LockClient two = LockClient.start(classes, mount.directory().resolve("f"))) {
      assertThat(one.lock("SETLK", 1, "0 0 0")).isEqualTo("0");
      assertThat(two.lock("SETLK", 1, "0 0 0")).isEqualTo("-11");
      one.close();
      assertThat(two.lock("SETLKW", 1, "0 0 0")).isEqualTo("0");
    } finally {
      one.close();
      PassthroughMount.delete(classes);
    }
    assertKernelDidIt();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void writesAskForNoAttributes(boolean xattrs) throws IOException {
    mount(BACKING.withXattrs(xattrs));
    mount.script("dd if=/dev/zero of=f bs=512 count=2000 status=none");
    assertKernelDidIt();
    assertThat(count(Opcode.GETXATTR)).as("GETXATTR for 2000 writes").isLessThanOrEqualTo(2);
  }

  /** Nobody sees these writes but the kernel, and it leaves set-id bits to the server. */
  @Test
  void aWriteOfSomebodyElseTakesSetIdBitsAway() throws IOException {
    Needs.program("setpriv");
    mount(BACKING);
    mount.script(
        """
        echo text > f; chmod 666 f; mkfifo -m 666 p q
        setpriv --reuid=1234 --regid=1234 --clear-groups \
          sh -euc 'exec 3>>f; echo > p; read x < q; echo data >&3' & writer=$!
        read x < p; chmod 6777 f; test $(stat -c %a f) = 6777; echo > q; wait $writer
        test $(stat -c %a f) = 777
        """);
    assertKernelDidIt();
  }

  @Test
  void whatIsOnlyAppendedToStaysSo() throws IOException {
    mount(BACKING);
    mount.script(
        """
        echo one > f
        chattr +a %1$s/f || exit 0
        trap 'chattr -a %1$s/f' EXIT
        echo two >> f; test "$(cat f)" = "$(printf 'one\ntwo')"
        ! sh -c 'exec 3<>f'
        exec 4>>f; echo three >&4; test $(wc -l < f) = 3
        """
            .formatted(mount.backing()));
  }

  @Test
  void theWritebackCacheIsRefused() throws IOException {
    Needs.fuse();
    Needs.root();
    PassthroughFileSystem fileSystem = new PassthroughFileSystem(Path.of("/tmp"), BACKING);
    MountOptions options = MountOptions.create().writebackCache();
    assertThatThrownBy(() -> MountFixture.mount(fileSystem, options))
        .isInstanceOf(LinuxException.class)
        .hasMessageContaining("passthrough and the writeback cache exclude each other");
    fileSystem.destroy();
  }

  @Test
  void onAMountWithBackingFilesItGoesWithout() throws IOException {
    mount(BACKING);
    mount.script("echo below > f");
    onTop(
        MountOptions.create(),
        (directory, upper) -> {
          String printed = Needs.run(directory, "cat f; echo above > f; cat f; echo g > g");
          assertThat(printed).isEqualTo("below\nabove\n");
          assertThat(upper.backing().reason()).contains("ELOOP").contains("max_stack_depth=2");
          assertThat(upper.backing().isPossible()).isTrue();
          assertThat(upper.backing().opened()).isZero();
        });
    onTop(
        MountOptions.create().maxStackDepth(2),
        (directory, upper) -> {
          String printed = Needs.run(directory, "cat f g; echo deep > f; cat f");
          assertThat(printed).isEqualTo("above\ng\ndeep\n");
          assertThat(upper.backing().opened()).isPositive();
          assertThat(upper.backing().reason()).isEmpty();
        });
  }

  /** Uses a mount that mirrors the first one. */
  private interface Use {
    void on(Path directory, Mount upper) throws IOException;
  }

  private void onTop(MountOptions options, Use use) throws IOException {
    Path directory = Files.createTempDirectory("fusewire-upper").toRealPath();
    try (Mount upper =
        Fusewire.mount(
            new PassthroughFileSystem(mount.directory(), BACKING),
            directory,
            options.fsName("passthrough-upper"))) {
      use.on(directory, upper);
    }
    Files.delete(directory);
  }

  @Test
  void withoutRightsItGoesWithoutAndSaysWhy() throws Exception {
    Needs.fuse();
    Needs.root();
    Needs.program("fusermount3");
    Needs.program("setpriv");
    Path classes = PassthroughMount.copyOfClasses();
    Path source = Files.createTempDirectory("fusewire-nobody");
    Path point = Files.createTempDirectory("fusewire-nobody-mount");
    try {
      List<String> java = PassthroughMount.java(classes, BackingMain.class, source, point);
      String script =
          """
          mknod -m 666 fuse c 10 229; mount --bind fuse /dev/fuse; rm fuse
          chown 65534:65534 . %s
          exec setpriv --reuid=65534 --regid=65534 --clear-groups %s 2>&1
          """
              .formatted(point, String.join(" ", java));
      String printed = Needs.run(source, "exec unshare -m sh -euc '" + script + "'");
      assertThat(printed).contains("text 0", "text 1", "text 2", "isPossible=false", "EPERM");
      assertThat(printed.split("it needs CAP_SYS_ADMIN", -1))
          .as("in the log once, and in the state:%n%s", printed)
          .hasSize(3);
    } finally {
      for (Path path : List.of(classes, source, point)) {
        PassthroughMount.delete(path);
      }
    }
  }
}
