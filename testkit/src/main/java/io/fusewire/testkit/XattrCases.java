package io.fusewire.testkit;

import io.fusewire.linux.sys.Xattr;
import io.fusewire.wire.Errno;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Extended attributes, in the name space {@code user}, or {@code trusted} where root finds that
 * alone (tmpfs before Linux 6.6).
 */
final class XattrCases {
  private static final byte[] ONE = "one".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] LONGER = "longer".getBytes(StandardCharsets.US_ASCII);

  private XattrCases() {}

  static void addTo(Map<String, PosixCase> cases) {
    cases.put("xattr: a value comes back and goes", XattrCases::value);
    cases.put("xattr: CREATE and REPLACE", XattrCases::flags);
    cases.put("xattr: no room asks the size, little room is ERANGE", XattrCases::room);
    cases.put("xattr: all names are listed", XattrCases::list);
    cases.put("xattr: an empty value", XattrCases::empty);
    cases.put("xattr: on a directory", XattrCases::onDirectory);
  }

  private static Path file(Path directory) throws Exception {
    return Files.writeString(directory.resolve("file"), "x");
  }

  private static String prefix(Path path) {
    int result = Calls.setxattr(path, "user.probe", ONE, 0);
    if (result == -Errno.EOPNOTSUPP) {
      return "trusted.";
    }
    Check.succeeds(result, "setxattr");
    Check.succeeds(Calls.removexattr(path, "user.probe"), "removexattr");
    return "user.";
  }

  private static void value(Path directory) throws Exception {
    Path path = file(directory);
    String name = prefix(path) + "name";
    Check.fails(Errno.ENODATA, Calls.getxattr(path, name, 10), "missing");
    Check.succeeds(Calls.setxattr(path, name, ONE, 0), "set");
    Check.bytes(ONE, Calls.xattr(path, name), "value");
    Check.succeeds(Calls.setxattr(path, name, LONGER, 0), "set again");
    Check.bytes(LONGER, Calls.xattr(path, name), "second value");
    Check.succeeds(Calls.removexattr(path, name), "remove");
    Check.fails(Errno.ENODATA, Calls.removexattr(path, name), "remove again");
  }

  private static void flags(Path directory) throws Exception {
    Path path = file(directory);
    String name = prefix(path) + "name";
    Check.fails(Errno.ENODATA, Calls.setxattr(path, name, ONE, Xattr.REPLACE), "replace");
    Check.succeeds(Calls.setxattr(path, name, ONE, Xattr.CREATE), "create");
    Check.fails(Errno.EEXIST, Calls.setxattr(path, name, LONGER, Xattr.CREATE), "create again");
    Check.succeeds(Calls.setxattr(path, name, LONGER, Xattr.REPLACE), "replace");
    Check.bytes(LONGER, Calls.xattr(path, name), "value");
  }

  private static void room(Path directory) throws Exception {
    Path path = file(directory);
    String name = prefix(path) + "name";
    Check.succeeds(Calls.setxattr(path, name, LONGER, 0), "set");
    Check.equal(LONGER.length, Calls.getxattr(path, name, 0), "size");
    Check.fails(Errno.ERANGE, Calls.getxattr(path, name, 2), "little room");
    Check.equal(LONGER.length, Calls.getxattr(path, name, LONGER.length), "exact room");
  }

  private static void list(Path directory) throws Exception {
    Path path = file(directory);
    String prefix = prefix(path);
    for (int i = 0; i < 20; i++) {
      Check.succeeds(Calls.setxattr(path, prefix + "name" + i, ONE, 0), "set");
    }
    String names = "\0" + Calls.listxattr(path);
    for (int i = 0; i < 20; i++) {
      Check.that(names.contains("\0" + prefix + "name" + i + "\0"), "name " + i);
    }
  }

  private static void empty(Path directory) throws Exception {
    Path path = file(directory);
    String name = prefix(path) + "name";
    Check.succeeds(Calls.setxattr(path, name, new byte[0], 0), "set");
    Check.equal(0, Calls.getxattr(path, name, 10), "length");
  }

  private static void onDirectory(Path directory) throws Exception {
    Path child = Files.createDirectory(directory.resolve("child"));
    String name = prefix(child) + "name";
    Check.succeeds(Calls.setxattr(child, name, ONE, 0), "set");
    Check.bytes(ONE, Calls.xattr(child, name), "value");
  }
}
