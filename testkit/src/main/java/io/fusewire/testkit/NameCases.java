package io.fusewire.testkit;

import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.Open;
import io.fusewire.wire.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Names, hard links, symbolic links, files without a name. */
final class NameCases {
  private NameCases() {}

  static void addTo(Map<String, PosixCase> cases) {
    cases.put("names: a missing file is ENOENT", NameCases::missing);
    cases.put("names: 255 bytes fit, 256 are ENAMETOOLONG", NameCases::longName);
    cases.put("names: bytes beyond ASCII come back", NameCases::unicode);
    cases.put("names: a file as directory is ENOTDIR", NameCases::notDirectory);
    cases.put("names: writing to a directory is EISDIR", NameCases::isDirectory);
    cases.put("names: O_EXCL on an existing name is EEXIST", NameCases::exclusive);
    cases.put("names: O_DIRECTORY on a file is ENOTDIR", NameCases::directoryFlag);
    cases.put("names: unlink of a directory is EISDIR", NameCases::unlinkDirectory);
    cases.put("links: both names are one file", NameCases::hardLink);
    cases.put("links: the content stays until the last name goes", NameCases::lastName);
    cases.put("links: an existing name is EEXIST", NameCases::linkExists);
    cases.put("links: a directory is EPERM", NameCases::linkDirectory);
    cases.put("symlinks: the target comes back as given", NameCases::symlinkTarget);
    cases.put("symlinks: a circle is ELOOP", NameCases::symlinkLoop);
    cases.put("symlinks: O_NOFOLLOW is ELOOP", NameCases::noFollow);
    cases.put("symlinks: a dangling one is ENOENT", NameCases::dangling);
    cases.put("symlinks: the size is the length of the target", NameCases::symlinkSize);
    cases.put("unlinked: an open file stays readable and writable", NameCases::unlinkedOpen);
    cases.put("unlinked: fstat of an open file says 0 links", NameCases::unlinkedStat);
    cases.put("unlinked: O_TMPFILE gets a name by linkat", NameCases::temporary);
    cases.put("nodes: a fifo and a socket", NameCases::special);
  }

  private static void missing(Path directory) {
    Path path = directory.resolve("missing");
    Check.fails(Errno.ENOENT, Calls.open(path, Open.RDONLY, 0), "open");
    Check.fails(Errno.ENOENT, Calls.unlink(path), "unlink");
    Check.fails(Errno.ENOENT, Calls.rmdir(path), "rmdir");
    Check.fails(Errno.ENOENT, Calls.chmod(path, 0600), "chmod");
    Check.fails(Errno.ENOENT, Calls.open(path.resolve("x"), Open.CREAT, 0600), "create below");
  }

  private static void longName(Path directory) throws Exception {
    Path fits = directory.resolve("n".repeat(255));
    Files.writeString(fits, "fits");
    Check.that(Files.readString(fits).equals("fits"), "255 bytes");
    Path tooLong = directory.resolve("n".repeat(256));
    Check.fails(Errno.ENAMETOOLONG, Calls.open(tooLong, Open.CREAT, 0600), "open");
    Check.fails(Errno.ENAMETOOLONG, Calls.mkdir(tooLong, 0700), "mkdir");
    Check.fails(Errno.ENAMETOOLONG, Calls.symlink("x", tooLong), "symlink");
    Check.fails(Errno.ENAMETOOLONG, Calls.rename(fits, tooLong, 0), "rename");
  }

  private static void unicode(Path directory) throws Exception {
    String name = "na\u00efve \u65e5\u672c \n\\";
    try (OpenFile file = OpenFile.open(directory.resolve(name), Open.CREAT | Open.WRONLY)) {
      file.write("x");
    }
    try (var names = Files.list(directory)) {
      Check.that(names.anyMatch(path -> path.endsWith(name)), "listed");
    }
  }

  private static void notDirectory(Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    Path below = file.resolve("x");
    Check.fails(Errno.ENOTDIR, Calls.open(below, Open.RDONLY, 0), "open");
    Check.fails(Errno.ENOTDIR, Calls.mkdir(below, 0700), "mkdir");
    Check.fails(Errno.ENOTDIR, Calls.rmdir(file), "rmdir");
  }

  private static void isDirectory(Path directory) throws Exception {
    Path child = Files.createDirectory(directory.resolve("child"));
    Check.fails(Errno.EISDIR, Calls.open(child, Open.WRONLY, 0), "open for writing");
    Check.fails(Errno.EISDIR, Calls.truncate(child, 0), "truncate");
  }

  private static void exclusive(Path directory) {
    Path path = directory.resolve("file");
    OpenFile.open(path, Open.CREAT | Open.EXCL | Open.WRONLY).close();
    Check.fails(Errno.EEXIST, Calls.open(path, Open.CREAT | Open.EXCL, 0600), "second");
    Path link = directory.resolve("link");
    Check.succeeds(Calls.symlink("nowhere", link), "symlink");
    Check.fails(Errno.EEXIST, Calls.open(link, Open.CREAT | Open.EXCL, 0600), "symlink");
    Check.fails(Errno.EEXIST, Calls.mkdir(path, 0700), "mkdir");
  }

  private static void directoryFlag(Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    Check.fails(Errno.ENOTDIR, Calls.open(file, Open.DIRECTORY, 0), "open");
  }

  private static void unlinkDirectory(Path directory) throws Exception {
    Path child = Files.createDirectory(directory.resolve("child"));
    Check.fails(Errno.EISDIR, Calls.unlink(child), "unlink");
  }

  private static void hardLink(Path directory) throws Exception {
    Path first = Files.writeString(directory.resolve("first"), "one");
    Path second = directory.resolve("second");
    Check.succeeds(Calls.link(first, second, 0), "link");
    Check.equal(Calls.stat(first).ino(), Calls.stat(second).ino(), "inode");
    Check.equal(2, Calls.stat(first).nlink(), "links");
    Files.writeString(second, "changed");
    Check.that(Files.readString(first).equals("changed"), "content by the other name");
  }

  private static void lastName(Path directory) throws Exception {
    Path first = Files.writeString(directory.resolve("first"), "kept");
    Path second = directory.resolve("second");
    Check.succeeds(Calls.link(first, second, 0), "link");
    Check.succeeds(Calls.unlink(first), "unlink");
    Check.equal(1, Calls.stat(second).nlink(), "links");
    Check.that(Files.readString(second).equals("kept"), "content");
    Check.that(Files.notExists(first), "the first name is gone");
  }

  private static void linkExists(Path directory) throws Exception {
    Path first = Files.writeString(directory.resolve("first"), "1");
    Path second = Files.writeString(directory.resolve("second"), "2");
    Check.fails(Errno.EEXIST, Calls.link(first, second, 0), "link");
    Check.that(Files.readString(second).equals("2"), "unchanged");
  }

  private static void linkDirectory(Path directory) throws Exception {
    Path child = Files.createDirectory(directory.resolve("child"));
    Check.fails(Errno.EPERM, Calls.link(child, directory.resolve("other"), 0), "link");
  }

  private static void symlinkTarget(Path directory) throws Exception {
    Path link = directory.resolve("link");
    Check.succeeds(Calls.symlink("../a//b/./c", link), "symlink");
    Check.equal(Mode.S_IFLNK, Calls.stat(link).mode() & Mode.S_IFMT, "type");
    try (var links = Files.list(directory)) {
      Check.that(links.allMatch(Files::isSymbolicLink), "listed as a link");
    }
    Check.succeeds(Calls.unlink(link), "unlink");
    Path file = Files.writeString(directory.resolve("file"), "through");
    Check.succeeds(Calls.symlink("file", link), "symlink");
    Check.that(Files.readString(link).equals("through"), "followed");
    Files.writeString(link, "written");
    Check.that(Files.readString(file).equals("written"), "written through");
  }

  private static void symlinkLoop(Path directory) {
    Check.succeeds(Calls.symlink("b", directory.resolve("a")), "symlink");
    Check.succeeds(Calls.symlink("a", directory.resolve("b")), "symlink");
    Check.fails(Errno.ELOOP, Calls.open(directory.resolve("a"), Open.RDONLY, 0), "open");
  }

  private static void noFollow(Path directory) throws Exception {
    Files.writeString(directory.resolve("file"), "x");
    Path link = directory.resolve("link");
    Check.succeeds(Calls.symlink("file", link), "symlink");
    Check.fails(Errno.ELOOP, Calls.open(link, Open.NOFOLLOW, 0), "open");
  }

  private static void dangling(Path directory) throws Exception {
    Path link = directory.resolve("link");
    Check.succeeds(Calls.symlink("target", link), "symlink");
    Check.fails(Errno.ENOENT, Calls.open(link, Open.RDONLY, 0), "open");
    OpenFile.open(link, Open.CREAT | Open.WRONLY).close();
    Check.that(Files.exists(directory.resolve("target")), "created through the link");
  }

  private static void symlinkSize(Path directory) {
    Path link = directory.resolve("link");
    Check.succeeds(Calls.symlink("t".repeat(1000), link), "symlink");
    Check.equal(1000, Calls.stat(link).size(), "size");
  }

  private static void unlinkedOpen(Path directory) throws Exception {
    Path path = directory.resolve("file");
    try (OpenFile file = OpenFile.open(path, Open.CREAT | Open.RDWR)) {
      file.write("before");
      Check.succeeds(Calls.unlink(path), "unlink");
      file.write(" after");
      Check.that(file.text().equals("before after"), "content");
      Files.writeString(path, "another");
      Check.that(file.text().equals("before after"), "a new file is another one");
    }
    Check.that(Files.readString(path).equals("another"), "the new file stays");
  }

  private static void unlinkedStat(Path directory) {
    Path path = directory.resolve("file");
    try (OpenFile file = OpenFile.open(path, Open.CREAT | Open.RDWR)) {
      file.write("12345");
      Check.succeeds(Calls.unlink(path), "unlink");
      Check.equal(0, Calls.stat(file.fd()).nlink(), "links");
      Check.equal(5, Calls.stat(file.fd()).size(), "size");
    }
  }

  private static void temporary(Path directory) throws Exception {
    Path path = directory.resolve("named");
    try (OpenFile file = OpenFile.open(directory, Open.TMPFILE | Open.RDWR)) {
      file.write("temporary");
      try (var names = Files.list(directory)) {
        Check.equal(0, names.count(), "names before");
      }
      Check.succeeds(file.linkTo(path), "linkat");
      Check.equal(1, Calls.stat(file.fd()).nlink(), "links");
    }
    Check.that(Files.readString(path).equals("temporary"), "content");
  }

  private static void special(Path directory) {
    Path fifo = directory.resolve("fifo");
    Check.succeeds(Calls.mknod(fifo, Mode.S_IFIFO | 0600), "mknod");
    Check.equal(Mode.S_IFIFO | 0600, Calls.stat(fifo).mode(), "fifo");
    Path socket = directory.resolve("socket");
    Check.succeeds(Calls.mknod(socket, Mode.S_IFSOCK | 0600), "mknod");
    Check.equal(Mode.S_IFSOCK | 0600, Calls.stat(socket).mode(), "socket");
    Check.fails(Errno.EEXIST, Calls.mknod(fifo, Mode.S_IFREG | 0600), "second");
    try (OpenFile ends = OpenFile.open(fifo, Open.RDWR)) {
      ends.write("x");
    }
  }
}
