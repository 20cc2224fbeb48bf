package io.fusewire.testkit;

import io.fusewire.linux.sys.DirentBuffer;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.Seek;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Making, listing and removing directories. */
final class DirectoryCases {
  private DirectoryCases() {}

  static void addTo(Map<String, PosixCase> cases) {
    cases.put("directories: links count the children", DirectoryCases::links);
    cases.put("directories: removing a full one is ENOTEMPTY", DirectoryCases::notEmpty);
    cases.put("directories: an empty one lists . and ..", DirectoryCases::dots);
    cases.put("directories: 1000 entries are listed once each", DirectoryCases::thousand);
    cases.put("directories: removing while listing loses none", DirectoryCases::removeWhileListing);
    cases.put("directories: seeking back to an offset goes on there", DirectoryCases::seek);
    cases.put("directories: rewinding shows new names", DirectoryCases::rewind);
    cases.put("directories: a removed open one is empty", DirectoryCases::removedOpen);
    cases.put("directories: entries name their inodes", DirectoryCases::inodes);
    cases.put("directories: a deep path", DirectoryCases::deep);
    cases.put("directories: fsync", DirectoryCases::sync);
    cases.put("directories: reading one as a file is EISDIR", DirectoryCases::readAsFile);
  }

  private record Entry(String name, long ino, long offset) {}

  private static List<Entry> some(int fd, int bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(bytes, Long.BYTES);
      int filled = Check.succeeds(FileCalls.getdents(fd, buffer.address(), bytes), "getdents");
      List<Entry> entries = new ArrayList<>();
      for (long at = 0; at < filled; at += DirentBuffer.RECORD_LENGTH.get(buffer, at)) {
        entries.add(
            new Entry(
                buffer.getString(at + DirentBuffer.NAME, StandardCharsets.UTF_8),
                DirentBuffer.INO.get(buffer, at),
                DirentBuffer.OFFSET.get(buffer, at)));
      }
      return entries;
    }
  }

  private static List<Entry> rest(int fd) {
    List<Entry> all = new ArrayList<>();
    for (List<Entry> some = some(fd, 4096); !some.isEmpty(); some = some(fd, 4096)) {
      all.addAll(some);
    }
    return all;
  }

  private static void links(Path directory) throws Exception {
    Path parent = Files.createDirectory(directory.resolve("parent"));
    Check.equal(2, Calls.stat(parent).nlink(), "empty");
    Files.createDirectory(parent.resolve("a"));
    Files.createDirectory(parent.resolve("b"));
    Files.writeString(parent.resolve("file"), "x");
    Check.equal(4, Calls.stat(parent).nlink(), "with two directories");
    Check.succeeds(Calls.rmdir(parent.resolve("a")), "rmdir");
    Check.equal(3, Calls.stat(parent).nlink(), "with one");
  }

  private static void notEmpty(Path directory) throws Exception {
    Path parent = Files.createDirectory(directory.resolve("parent"));
    Path file = Files.writeString(parent.resolve("file"), "x");
    Check.fails(Errno.ENOTEMPTY, Calls.rmdir(parent), "rmdir");
    Check.succeeds(Calls.unlink(file), "unlink");
    Check.succeeds(Calls.rmdir(parent), "rmdir");
    Check.that(Files.notExists(parent), "gone");
  }

  private static void dots(Path directory) {
    try (OpenFile open = OpenFile.open(directory, Open.DIRECTORY)) {
      List<String> names = new ArrayList<>(rest(open.fd()).stream().map(Entry::name).toList());
      names.sort(null);
      Check.that(names.equals(List.of(".", "..")), "names: " + names);
    }
  }

  private static void thousand(Path directory) throws Exception {
    for (int i = 0; i < 1000; i++) {
      OpenFile.open(directory.resolve("entry-" + i), Open.CREAT | Open.WRONLY).close();
    }
    try (OpenFile open = OpenFile.open(directory, Open.DIRECTORY)) {
      List<Entry> entries = rest(open.fd());
      Check.equal(1002, entries.size(), "entries");
      Check.equal(1002, new HashSet<>(entries).size(), "different entries");
    }
  }

  private static void removeWhileListing(Path directory) throws Exception {
    for (int i = 0; i < 500; i++) {
      Files.createFile(directory.resolve("entry-" + i));
    }
    int removed = 0;
    try (OpenFile open = OpenFile.open(directory, Open.DIRECTORY)) {
      for (List<Entry> some = some(open.fd(), 1024);
          !some.isEmpty();
          some = some(open.fd(), 1024)) {
        for (Entry entry : some) {
          if (entry.name().startsWith("entry-")) {
            Check.succeeds(Calls.unlink(directory.resolve(entry.name())), "unlink");
            removed++;
          }
        }
      }
    }
    Check.equal(500, removed, "removed");
  }

  private static void seek(Path directory) throws Exception {
    for (int i = 0; i < 200; i++) {
      Files.createFile(directory.resolve("entry-" + i));
    }
    try (OpenFile open = OpenFile.open(directory, Open.DIRECTORY)) {
      List<Entry> all = rest(open.fd());
      int middle = all.size() / 2;
      long offset = all.get(middle).offset();
      Check.equal(offset, open.seek(offset, Seek.SET), "lseek");
      List<Entry> again = rest(open.fd());
      Check.that(
          again.stream()
              .map(Entry::name)
              .toList()
              .equals(all.subList(middle + 1, all.size()).stream().map(Entry::name).toList()),
          "the same names follow");
    }
  }

  private static void rewind(Path directory) throws Exception {
    try (OpenFile open = OpenFile.open(directory, Open.DIRECTORY)) {
      Check.equal(2, rest(open.fd()).size(), "before");
      Files.createFile(directory.resolve("new"));
      Check.equal(0, open.seek(0, Seek.SET), "lseek");
      Check.equal(3, rest(open.fd()).size(), "after");
    }
  }

  private static void removedOpen(Path directory) throws Exception {
    Path child = Files.createDirectory(directory.resolve("child"));
    try (OpenFile open = OpenFile.open(child, Open.DIRECTORY)) {
      Check.succeeds(Calls.rmdir(child), "rmdir");
      Check.equal(0, Calls.stat(open.fd()).nlink(), "links");
      Path inside = Path.of("/proc/self/fd/" + open.fd()).resolve("x");
      Check.fails(Errno.ENOENT, Calls.open(inside, Open.CREAT | Open.WRONLY, 0600), "create");
    }
  }

  private static void inodes(Path directory) throws Exception {
    Files.createFile(directory.resolve("file"));
    Files.createDirectory(directory.resolve("sub"));
    try (OpenFile open = OpenFile.open(directory, Open.DIRECTORY)) {
      for (Entry entry : rest(open.fd())) {
        if (!entry.name().equals("..")) {
          long ino = Calls.stat(directory.resolve(entry.name())).ino();
          Check.equal(ino, entry.ino(), entry.name());
        }
      }
    }
  }

  private static void deep(Path directory) throws Exception {
    Path path = directory;
    for (int i = 0; i < 100; i++) {
      path = path.resolve("level-" + i);
      Check.succeeds(Calls.mkdir(path, 0755), "mkdir");
    }
    Files.writeString(path.resolve("leaf"), "deep");
    Check.that(Files.readString(path.resolve("leaf")).equals("deep"), "content");
  }

  private static void sync(Path directory) {
    try (OpenFile open = OpenFile.open(directory, Open.DIRECTORY)) {
      Check.equal(0, FileCalls.fsync(open.fd()), "fsync");
    }
  }

  private static void readAsFile(Path directory) {
    try (OpenFile open = OpenFile.open(directory, Open.RDONLY);
        Arena arena = Arena.ofConfined()) {
      long buffer = arena.allocate(16).address();
      Check.fails(Errno.EISDIR, FileCalls.read(open.fd(), buffer, 16), "read");
    }
  }
}
