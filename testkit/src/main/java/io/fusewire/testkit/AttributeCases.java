package io.fusewire.testkit;

import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.TimespecBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Permission bits and times. */
final class AttributeCases {
  private static final int OTHER_GROUP = 12;

  private AttributeCases() {}

  static void addTo(Map<String, PosixCase> cases) {
    cases.put("modes: every permission bit comes back", AttributeCases::everyMode);
    cases.put("modes: a new file has what was asked", AttributeCases::created);
    cases.put("modes: the sticky bit stays on a directory", AttributeCases::sticky);
    cases.put("modes: setgid directories pass it on", AttributeCases::setgid);
    cases.put("times: nanoseconds come back", AttributeCases::nanos);
    cases.put("times: before 1970", AttributeCases::before1970);
    cases.put("times: UTIME_OMIT leaves a time", AttributeCases::omit);
    cases.put("times: UTIME_NOW takes the clock", AttributeCases::now);
    cases.put("times: writing moves the modification time", AttributeCases::writeMoves);
    cases.put("times: a new name moves the directory's", AttributeCases::directoryMoves);
  }

  private static Path file(Path directory) throws Exception {
    return Files.writeString(directory.resolve("file"), "x");
  }

  private static void everyMode(Path directory) throws Exception {
    Path path = file(directory);
    for (int mode : new int[] {0, 0777, 0640, 01755, 02755, 04755, 07777, 0600}) {
      Check.succeeds(Calls.chmod(path, mode), "chmod");
      Check.equal(Mode.S_IFREG | mode, Calls.stat(path).mode(), "mode");
    }
  }

  private static void created(Path directory) {
    Path path = directory.resolve("file");
    OpenFile.of(Calls.open(path, Open.CREAT | Open.WRONLY, 0600), "open").close();
    Check.equal(Mode.S_IFREG | 0600, Calls.stat(path).mode(), "file");
    Path child = directory.resolve("child");
    Check.succeeds(Calls.mkdir(child, 0700), "mkdir");
    Check.equal(Mode.S_IFDIR | 0700, Calls.stat(child).mode(), "directory");
  }

  private static void sticky(Path directory) throws Exception {
    Path child = Files.createDirectory(directory.resolve("child"));
    Check.succeeds(Calls.chmod(child, 01777), "chmod");
    Check.equal(Mode.S_IFDIR | 01777, Calls.stat(child).mode(), "mode");
  }

  private static void setgid(Path directory) throws Exception {
    Path parent = Files.createDirectory(directory.resolve("parent"));
    if (io.fusewire.linux.sys.ProcessCalls.geteuid() == 0) {
      Files.setAttribute(parent, "unix:gid", OTHER_GROUP);
    }
    Check.succeeds(Calls.chmod(parent, 02775), "chmod");
    int group = Calls.stat(parent).gid();
    Path file = Files.createFile(parent.resolve("file"));
    Check.equal(group, Calls.stat(file).gid(), "group of a file");
    Path child = parent.resolve("child");
    Check.succeeds(Calls.mkdir(child, 0755), "mkdir");
    Check.equal(group, Calls.stat(child).gid(), "group of a directory");
    Check.equal(Mode.S_IFDIR | 02755, Calls.stat(child).mode(), "mode of a directory");
  }

  private static void nanos(Path directory) throws Exception {
    Path path = file(directory);
    long[] access = {1_000_000_000, 123_456_789};
    long[] modification = {1_500_000_000, 987_654_321};
    Check.succeeds(Calls.times(path, access, modification), "utimensat");
    Calls.Stat stat = Calls.stat(path);
    Check.equal(1_000_000_000, stat.accessSeconds(), "access");
    Check.equal(123_456_789, stat.accessNanos(), "access nanoseconds");
    Check.equal(1_500_000_000, stat.modifiedSeconds(), "modification");
    Check.equal(987_654_321, stat.modifiedNanos(), "modification nanoseconds");
  }

  private static void before1970(Path directory) throws Exception {
    Path path = file(directory);
    Check.succeeds(Calls.times(path, new long[] {-100, 5}, new long[] {-1, 500}), "utimensat");
    Calls.Stat stat = Calls.stat(path);
    Check.equal(-100, stat.accessSeconds(), "access");
    Check.equal(-1, stat.modifiedSeconds(), "modification");
    Check.equal(500, stat.modifiedNanos(), "nanoseconds");
  }

  private static void omit(Path directory) throws Exception {
    Path path = file(directory);
    long[] omitted = {0, TimespecBuffer.UTIME_OMIT};
    Check.succeeds(Calls.times(path, new long[] {10, 1}, new long[] {20, 2}), "both");
    Check.succeeds(Calls.times(path, omitted, new long[] {30, 3}), "one");
    Check.equal(10, Calls.stat(path).accessSeconds(), "access");
    Check.equal(30, Calls.stat(path).modifiedSeconds(), "modification");
    Check.succeeds(Calls.times(path, new long[] {40, 4}, omitted), "the other");
    Check.equal(40, Calls.stat(path).accessSeconds(), "access");
    Check.equal(30, Calls.stat(path).modifiedSeconds(), "modification");
  }

  private static void now(Path directory) throws Exception {
    Path path = file(directory);
    long before = System.currentTimeMillis() / 1000;
    Check.succeeds(Calls.times(path, new long[] {10, 1}, new long[] {20, 2}), "both");
    Check.succeeds(
        Calls.times(path, new long[] {10, 1}, new long[] {0, TimespecBuffer.UTIME_NOW}), "now");
    Check.that(Calls.stat(path).modifiedSeconds() >= before - 1, "modification is now");
    Check.equal(10, Calls.stat(path).accessSeconds(), "access");
  }

  private static void writeMoves(Path directory) throws Exception {
    Path path = file(directory);
    Check.succeeds(Calls.times(path, new long[] {10, 0}, new long[] {20, 0}), "utimensat");
    try (OpenFile file = OpenFile.open(path, Open.WRONLY)) {
      file.write("y");
    }
    Check.that(Calls.stat(path).modifiedSeconds() > 20, "moved");
  }

  private static void directoryMoves(Path directory) throws Exception {
    Path parent = Files.createDirectory(directory.resolve("parent"));
    Check.succeeds(Calls.times(parent, new long[] {10, 0}, new long[] {20, 0}), "utimensat");
    Files.createFile(parent.resolve("file"));
    Check.that(Calls.stat(parent).modifiedSeconds() > 20, "created");
    Check.succeeds(Calls.times(parent, new long[] {10, 0}, new long[] {20, 0}), "utimensat");
    Check.succeeds(Calls.unlink(parent.resolve("file")), "unlink");
    Check.that(Calls.stat(parent).modifiedSeconds() > 20, "removed");
  }
}
