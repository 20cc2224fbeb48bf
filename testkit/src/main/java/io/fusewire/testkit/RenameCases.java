package io.fusewire.testkit;

import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.Rename;
import io.fusewire.wire.Errno;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** What rename(2) and renameat2(2) do. */
final class RenameCases {
  private RenameCases() {}

  static void addTo(Map<String, PosixCase> cases) {
    cases.put("rename: moves a file between directories", RenameCases::moves);
    cases.put("rename: replaces a file, also one that is open", RenameCases::replaces);
    cases.put("rename: NOREPLACE on an existing name is EEXIST", RenameCases::noReplace);
    cases.put("rename: EXCHANGE swaps a file and a directory", RenameCases::exchange);
    cases.put("rename: EXCHANGE with a missing name is ENOENT", RenameCases::exchangeMissing);
    cases.put("rename: a directory into itself is EINVAL", RenameCases::intoItself);
    cases.put("rename: over a full directory is ENOTEMPTY", RenameCases::overFull);
    cases.put("rename: replaces an empty directory", RenameCases::overEmpty);
    cases.put("rename: a file over a directory is EISDIR", RenameCases::fileOverDirectory);
    cases.put("rename: a directory over a file is ENOTDIR", RenameCases::directoryOverFile);
    cases.put("rename: two names of one file both stay", RenameCases::sameFile);
    cases.put("rename: moves the links of parent directories", RenameCases::parentLinks);
    cases.put("rename: .. follows a moved directory", RenameCases::dotDot);
  }

  private static void moves(Path directory) throws Exception {
    Path from = Files.writeString(directory.resolve("from"), "content");
    Path to = Files.createDirectory(directory.resolve("sub")).resolve("to");
    long ino = Calls.stat(from).ino();
    Check.succeeds(Calls.rename(from, to, 0), "rename");
    Check.that(Files.notExists(from), "the old name is gone");
    Check.that(Files.readString(to).equals("content"), "content");
    Check.equal(ino, Calls.stat(to).ino(), "inode");
  }

  private static void replaces(Path directory) throws Exception {
    Path from = Files.writeString(directory.resolve("from"), "new");
    Path to = Files.writeString(directory.resolve("to"), "old");
    try (OpenFile open = OpenFile.open(to, Open.RDONLY)) {
      Check.succeeds(Calls.rename(from, to, 0), "rename");
      Check.that(open.text().equals("old"), "the open file keeps its content");
      Check.equal(0, Calls.stat(open.fd()).nlink(), "links of the replaced file");
    }
    Check.that(Files.readString(to).equals("new"), "content");
  }

  private static void noReplace(Path directory) throws Exception {
    Path from = Files.writeString(directory.resolve("from"), "1");
    Path to = Files.writeString(directory.resolve("to"), "2");
    Check.fails(Errno.EEXIST, Calls.rename(from, to, Rename.NOREPLACE), "existing");
    Check.that(Files.readString(to).equals("2"), "unchanged");
    Check.succeeds(Calls.unlink(to), "unlink");
    Check.succeeds(Calls.rename(from, to, Rename.NOREPLACE), "free name");
    Check.that(Files.readString(to).equals("1"), "moved");
  }

  private static void exchange(Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("a"), "file");
    Path sub = Files.createDirectory(directory.resolve("b"));
    Files.writeString(sub.resolve("in"), "inside");
    Check.succeeds(Calls.rename(file, sub, Rename.EXCHANGE), "exchange");
    Check.that(Files.readString(sub).equals("file"), "b is the file");
    Check.that(Files.readString(file.resolve("in")).equals("inside"), "a is the directory");
  }

  private static void exchangeMissing(Path directory) throws Exception {
    Path file = Files.writeString(directory.resolve("a"), "file");
    Path missing = directory.resolve("b");
    Check.fails(Errno.ENOENT, Calls.rename(file, missing, Rename.EXCHANGE), "exchange");
    int both = Rename.EXCHANGE | Rename.NOREPLACE;
    Check.fails(Errno.EINVAL, Calls.rename(file, missing, both), "both flags");
  }

  private static void intoItself(Path directory) throws Exception {
    Path sub = Files.createDirectory(directory.resolve("sub"));
    Path below = Files.createDirectory(sub.resolve("below"));
    Check.fails(Errno.EINVAL, Calls.rename(sub, below.resolve("x"), 0), "rename");
  }

  private static void overFull(Path directory) throws Exception {
    Path from = Files.createDirectory(directory.resolve("from"));
    Path to = Files.createDirectory(directory.resolve("to"));
    Files.writeString(to.resolve("x"), "x");
    Check.fails(Errno.ENOTEMPTY, Calls.rename(from, to, 0), "rename");
    Check.that(Files.exists(from) && Files.exists(to.resolve("x")), "unchanged");
  }

  private static void overEmpty(Path directory) throws Exception {
    Path from = Files.createDirectory(directory.resolve("from"));
    Files.writeString(from.resolve("x"), "x");
    Path to = Files.createDirectory(directory.resolve("to"));
    Check.succeeds(Calls.rename(from, to, 0), "rename");
    Check.that(Files.exists(to.resolve("x")) && Files.notExists(from), "replaced");
  }

  private static void fileOverDirectory(Path directory) throws Exception {
    Path from = Files.writeString(directory.resolve("from"), "x");
    Path to = Files.createDirectory(directory.resolve("to"));
    Check.fails(Errno.EISDIR, Calls.rename(from, to, 0), "rename");
  }

  private static void directoryOverFile(Path directory) throws Exception {
    Path from = Files.createDirectory(directory.resolve("from"));
    Path to = Files.writeString(directory.resolve("to"), "x");
    Check.fails(Errno.ENOTDIR, Calls.rename(from, to, 0), "rename");
  }

  private static void sameFile(Path directory) throws Exception {
    Path first = Files.writeString(directory.resolve("first"), "x");
    Path second = directory.resolve("second");
    Check.succeeds(Calls.link(first, second, 0), "link");
    Check.succeeds(Calls.rename(first, second, 0), "rename");
    Check.that(Files.exists(first) && Files.exists(second), "both names");
  }

  private static void parentLinks(Path directory) throws Exception {
    Path left = Files.createDirectory(directory.resolve("left"));
    Path right = Files.createDirectory(directory.resolve("right"));
    Path child = Files.createDirectory(left.resolve("child"));
    Check.equal(3, Calls.stat(left).nlink(), "left before");
    Check.succeeds(Calls.rename(child, right.resolve("child"), 0), "rename");
    Check.equal(2, Calls.stat(left).nlink(), "left after");
    Check.equal(3, Calls.stat(right).nlink(), "right after");
  }

  private static void dotDot(Path directory) throws Exception {
    Path left = Files.createDirectory(directory.resolve("left"));
    Path right = Files.createDirectory(directory.resolve("right"));
    Path child = Files.createDirectory(left.resolve("child"));
    Check.succeeds(Calls.rename(child, right.resolve("child"), 0), "rename");
    Files.writeString(right.resolve("child").resolve("..").resolve("x"), "x");
    Check.that(Files.exists(right.resolve("x")), "the new parent");
  }
}
