package io.fusewire.filesystems.passthrough;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.filesystems.Needs;
import io.fusewire.session.MountOptions;
import io.fusewire.testkit.MountFixture;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The defects of the seed's passthrough file system. */
@Timeout(60)
class PassthroughRegressionIT {
  private static final int MANY = 2_000;
  private static final int DIRENTPLUS_BYTES_MIN = 152 + 8;

  /** Takes a lock as the arguments say, tells it, and gives it back when its input ends. */
  private static final String LOCKER =
      """
      use Fcntl qw(:DEFAULT :seek);
      my ($file, $command, $whence, $start, $length, $position) = @ARGV;
      sysopen(F, $file, O_RDWR) or die $!;
      sysseek(F, $position, SEEK_SET);
      my $flock = pack('s s x4 q q i x4', F_WRLCK, $whence, $start, $length, 0);
      my $done = fcntl(F, $command, $flock);
      my ($type, undef, undef, undef, $pid) = unpack('s s x4 q q i', $flock);
      $| = 1;
      print defined $done ? "locked $type $pid\\n" : 'errno ' . ($! + 0) . "\\n";
      my $end = <STDIN>;
      """;

  private static final String F_GETLK = "5";
  private static final String F_SETLK = "6";
  private static final int F_UNLCK = 2;

  @TempDir Path backing;
  private final StringBuilder trace = new StringBuilder();
  private PassthroughFileSystem fileSystem;
  private MountFixture fixture;
  private Path mounted;

  @BeforeEach
  void mount() throws IOException {
    Needs.fuse();
    Needs.program("perl");
    backing = backing.toRealPath();
    fileSystem = new PassthroughFileSystem(backing);
    fixture =
        MountFixture.mount(
            fileSystem, MountOptions.create().fsName("passthrough-regression").trace(trace));
    mounted = fixture.directory();
  }

  @AfterEach
  void close() throws IOException {
    if (fixture != null) {
      fixture.close();
    }
  }

  private static String ids(Path path) throws IOException {
    return Files.getAttribute(path, "unix:uid") + ":" + Files.getAttribute(path, "unix:gid");
  }

  /** R87: owner and number are the same by name, by descriptor, by listing, early and late. */
  @Test
  void r87_allRepliesShowTheSameOwnerAndNumber() throws Exception {
    Needs.root(); // chown
    Files.writeString(backing.resolve("file"), "x");
    Needs.run(backing, "chown 1234:4321 file");
    Path file = mounted.resolve("file");
    Object number = Files.getAttribute(backing.resolve("file"), "unix:ino");
    String byDescriptor =
        "perl -e 'open(F, $ARGV[0]); @s = stat(F); print \"$s[4]:$s[5] $s[1]\"' " + file;
    for (int i = 0; i < 3; i++) {
      assertThat(Needs.run(mounted, "ls -lin")).contains(number + " ", " 1234 4321 ");
      assertThat(ids(file)).isEqualTo("1234:4321");
      assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(number);
      assertThat(Needs.run(mounted, byDescriptor)).isEqualTo("1234:4321 " + number);
    }
  }

  /** R88: the owner alone, the group alone, and root setting times of another's file. */
  @Test
  void r88_ownerAndGroupChangeAloneAndRootSetsTimes() throws Exception {
    Needs.root(); // chown
    Files.writeString(backing.resolve("file"), "x");
    Path file = mounted.resolve("file");
    Needs.run(mounted, "chown 1234 file");
    assertThat(ids(file)).isEqualTo("1234:0");
    Needs.run(mounted, "chgrp 4321 file");
    assertThat(ids(file)).isEqualTo("1234:4321");
    assertThat(ids(backing.resolve("file"))).isEqualTo("1234:4321");
    Needs.run(mounted, "touch -d '1969-12-31 23:59:55.123456789 UTC' file");
    Instant time = Instant.ofEpochSecond(-5, 123_456_789);
    assertThat(Files.getLastModifiedTime(backing.resolve("file")).toInstant()).isEqualTo(time);
  }

  /** A process that takes a lock. */
  private static final class Locker implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;

    Locker(Path file, String... lock) throws IOException {
      List<String> command =
          Stream.concat(Stream.of("perl", "-e", LOCKER, file.toString()), Stream.of(lock)).toList();
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      output =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** What it tells, once it does. */
    String says() throws IOException {
      return output.readLine();
    }

    @Override
    public void close() throws IOException {
      process.getOutputStream().close();
      process.onExit().join();
    }
  }

  private static String said(Path file, String... lock) throws IOException {
    try (Locker locker = new Locker(file, lock)) {
      return locker.says();
    }
  }

  /** R89: ranges of every form conflict exactly where they overlap, between processes. */
  @ParameterizedTest
  @CsvSource({
    // whence, start, length, position: the bytes 10 to 19 of a file of 100 bytes
    "0, 10, 10, 0",
    "1, 5, 10, 5",
    "2, -90, 10, 0",
    "0, 20, -10, 0"
  })
  void r89_locksOfProcessesConflictWhereTheyOverlap(
      String whence, String start, String length, String position) throws Exception {
    Files.write(backing.resolve("file"), new byte[100]);
    Path file = mounted.resolve("file");
    try (Locker holder = new Locker(file, F_SETLK, whence, start, length, position)) {
      assertThat(holder.says()).startsWith("locked");
      assertThat(said(file, F_SETLK, "0", "0", "10", "0")).startsWith("locked");
      assertThat(said(file, F_SETLK, "0", "20", "0", "0")).startsWith("locked");
      assertThat(said(file, F_SETLK, "0", "19", "1", "0")).isEqualTo("errno 11");
      assertThat(said(file, F_SETLK, "0", "10", "1", "0")).isEqualTo("errno 11");
      assertThat(said(file, F_SETLK, "0", "0", "0", "0")).isEqualTo("errno 11");
      assertThat(said(file, F_GETLK, "0", "0", "0", "0"))
          .isEqualTo("locked 1 " + holder.process.pid());
      assertThat(said(file, F_GETLK, "0", "20", "0", "0")).startsWith("locked " + F_UNLCK);
    }
    assertThat(said(file, F_SETLK, "0", "0", "0", "0")).startsWith("locked");
  }

  /** The trace so far; whoever writes it holds the same lock. */
  private String traced() {
    synchronized (trace) {
      return trace.toString();
    }
  }

  /** R90: READDIRPLUS looks up what it returns, not the rest of the directory. */
  @Test
  void r90_listingLooksUpWhatItReturns() throws Exception {
    for (int i = 0; i < MANY; i++) {
      Files.createFile(backing.resolve("file" + i));
    }
    int before = fileSystem.nodes();
    Needs.run(mounted, "perl -e 'opendir(D, \".\"); readdir(D); kill(\"KILL\", $$)' || true");
    Matcher answer = Pattern.compile("<- READDIRPLUS unique=\\d+ (\\d+) bytes").matcher(traced());
    long returned = 0;
    while (answer.find()) {
      returned += Long.parseLong(answer.group(1)) / DIRENTPLUS_BYTES_MIN;
    }
    assertThat(returned).isBetween(1L, MANY / 2L);
    assertThat(fileSystem.nodes() - before).isBetween(1, (int) returned);
  }
}
