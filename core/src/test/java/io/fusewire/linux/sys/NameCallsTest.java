package io.fusewire.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls that take names, relative to an open directory. */
@Timeout(30)
class NameCallsTest {
  @TempDir Path directory;
  private final Arena arena = Arena.ofShared();
  private final NameBuffer buffer = new NameBuffer(arena);
  private int at;

  @BeforeEach
  void openDirectory() throws Exception {
    long path = CString.of(arena, directory.toString()).address();
    at = NameCalls.openat(At.FDCWD, path, Open.PATH | Open.DIRECTORY | Open.CLOEXEC, 0);
    assertThat(at).isPositive();
    Files.writeString(directory.resolve("file"), "x");
  }

  @AfterEach
  void closeDirectory() {
    FileCalls.close(at);
    arena.close();
  }

  private long name(String text) {
    return CString.of(arena, text).address();
  }

  private static void assertOpensNot(int fd, int errno) {
    assertThat(fd).isEqualTo(-errno);
  }

  @Test
  void flagsOfThisProcessorAreTheOnesTheKernelKnows() throws Exception {
    Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
    assertOpensNot(NameCalls.openat(at, name("link"), Open.NOFOLLOW, 0), Errno.ELOOP);
    assertOpensNot(NameCalls.openat(at, name("file"), Open.DIRECTORY, 0), Errno.ENOTDIR);
    assertOpensNot(NameCalls.openat(at, name("file"), Open.CREAT | Open.EXCL, 0600), Errno.EEXIST);
    int unnamed = NameCalls.openat(at, name("."), Open.TMPFILE | Open.RDWR, 0600);
    assertThat(unnamed).isPositive();
    FileCalls.close(unnamed);
  }

  @Test
  void openat2StaysBelowItsDirectory() throws Exception {
    MemorySegment how = arena.allocate(OpenHow.BYTES, Long.BYTES);
    OpenHow.FLAGS.set(how, 0, Open.RDONLY | Open.CLOEXEC);
    OpenHow.RESOLVE.set(how, 0, OpenHow.RESOLVE_BENEATH);
    int fd = NameCalls.openat2(at, name("file"), how.address());
    assertThat(fd).isPositive();
    FileCalls.close(fd);
    assertThat(NameCalls.openat2(at, name("../x"), how.address())).isEqualTo(-Errno.EXDEV);
    assertThat(NameCalls.openat2(at, name("none"), how.address())).isEqualTo(-Errno.ENOENT);
  }

  @Test
  void filesOfAllKindsAreMadeRenamedAndRemoved() throws Exception {
    assertThat(NameCalls.mkdirat(at, name("d"), 0700)).isZero();
    assertThat(NameCalls.mkdirat(at, name("d"), 0700)).isEqualTo(-Errno.EEXIST);
    assertThat(NameCalls.mknodat(at, name("fifo"), Mode.S_IFIFO | 0600, 0)).isZero();
    assertThat(NameCalls.symlinkat(name("file"), at, name("link"))).isZero();
    assertThat(NameCalls.linkat(at, name("file"), at, name("hard"), 0)).isZero();
    MemorySegment target = arena.allocate(100);
    assertThat(NameCalls.readlinkat(at, name("link"), target.address(), 100)).isEqualTo(4);
    assertThat(target.getString(0)).isEqualTo("file");
    int refuse = Rename.NOREPLACE;
    assertThat(NameCalls.renameat2(at, name("hard"), at, name("d"), refuse))
        .isEqualTo(-Errno.EEXIST);
    assertThat(NameCalls.renameat2(at, name("fifo"), at, name("d"), Rename.EXCHANGE)).isZero();
    assertThat(Files.isDirectory(directory.resolve("fifo"))).isTrue();
    assertThat(NameCalls.unlinkat(at, name("fifo"), 0)).isEqualTo(-Errno.EISDIR);
    assertThat(NameCalls.unlinkat(at, name("fifo"), At.REMOVEDIR)).isZero();
    assertThat(NameCalls.unlinkat(at, name("d"), 0)).isZero();
    assertThat(NameCalls.truncate(name(directory + "/file"), 9)).isZero();
    assertThat(Files.size(directory.resolve("hard"))).isEqualTo(9);
    assertThat(NameCalls.faccessat(at, name("none"), 0, 0)).isEqualTo(-Errno.ENOENT);
    assertThat(NameCalls.faccessat(at, name("file"), 4, At.EACCESS)).isZero();
  }

  @Test
  void modesAreChangedByNameAndByDescriptor() throws Exception {
    assertThat(NameCalls.fchmodat(at, name("file"), 0604, 0)).isZero();
    assertThat((int) Files.getAttribute(directory.resolve("file"), "unix:mode") & 0777)
        .isEqualTo(0604);
    Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
    int changed = NameCalls.fchmodat2(at, name("link"), 0600, At.SYMLINK_NOFOLLOW);
    assertThat(changed).isIn(-Errno.EOPNOTSUPP, -Errno.ENOSYS); // links have no mode
    assertThat(NameCalls.fchownat(at, name("link"), -1, -1, At.SYMLINK_NOFOLLOW)).isZero();
    MemorySegment times = arena.allocate(2 * TimespecBuffer.BYTES, Long.BYTES);
    TimespecBuffer.SECONDS.set(times, TimespecBuffer.BYTES, 77);
    int noFollow = At.SYMLINK_NOFOLLOW;
    assertThat(NameCalls.utimensat(at, name("link"), times.address(), noFollow)).isZero();
    Path link = directory.resolve("link");
    assertThat(Files.getLastModifiedTime(link, LinkOption.NOFOLLOW_LINKS).toMillis())
        .isEqualTo(77_000);
    assertThat(Files.getLastModifiedTime(link).toMillis()).isGreaterThan(77_000);
  }

  @Test
  void handlesNameFiles() {
    MemorySegment handle = arena.allocate(8 + 128, Long.BYTES);
    handle.set(ValueLayout.JAVA_INT, 0, 0);
    MemorySegment mount = arena.allocate(8, 8);
    int tooSmall = NameCalls.nameToHandleAt(at, name("file"), handle.address(), mount.address(), 0);
    assertThat(tooSmall).isEqualTo(-Errno.EOVERFLOW);
    assertThat(handle.get(ValueLayout.JAVA_INT, 0)).isBetween(1, 128);
    assertThat(NameCalls.nameToHandleAt(at, name("file"), handle.address(), mount.address(), 0))
        .isZero();
    assertThat(NameCalls.openByHandleAt(-1, handle.address(), Open.RDONLY))
        .isIn(-Errno.EBADF, -Errno.EPERM);
  }

  @Test
  void attributesAreSetListedReadAndRemoved() {
    long path = name(directory + "/file");
    long attribute = name("user.test");
    MemorySegment memory = arena.allocate(256);
    memory.setString(0, "value");
    assertThat(XattrCalls.getxattr(path, attribute, memory.address(), 100))
        .isEqualTo(-Errno.ENODATA);
    assertThat(XattrCalls.setxattr(path, attribute, memory.address(), 5, Xattr.REPLACE))
        .isEqualTo(-Errno.ENODATA);
    assertThat(XattrCalls.setxattr(path, attribute, memory.address(), 5, Xattr.CREATE)).isZero();
    assertThat(XattrCalls.lsetxattr(path, attribute, memory.address(), 5, Xattr.CREATE))
        .isEqualTo(-Errno.EEXIST);
    assertThat(XattrCalls.lgetxattr(path, attribute, memory.address(), 1)).isEqualTo(-Errno.ERANGE);
    assertThat(XattrCalls.getxattr(path, attribute, memory.address() + 100, 100)).isEqualTo(5);
    assertThat(memory.getString(100)).isEqualTo("value");

    int fd = NameCalls.openat(at, name("file"), Open.RDONLY | Open.CLOEXEC, 0);
    long link = buffer.putDescriptor(fd);
    assertThat(XattrCalls.getxattr(link, attribute, 0, 0)).isEqualTo(5);
    assertThat(XattrCalls.fgetxattr(fd, attribute, 0, 0)).isEqualTo(5);
    assertThat(XattrCalls.fsetxattr(fd, name("user.b"), memory.address(), 1, 0)).isZero();
    assertThat(XattrCalls.listxattr(path, 0, 0)).isEqualTo("user.test user.b ".length());
    assertThat(XattrCalls.llistxattr(path, memory.address(), 3)).isEqualTo(-Errno.ERANGE);
    assertThat(XattrCalls.fremovexattr(fd, attribute)).isZero();
    assertThat(XattrCalls.lremovexattr(path, attribute)).isEqualTo(-Errno.ENODATA);
    assertThat(XattrCalls.removexattr(path, name("user.b"))).isZero();
    assertThat(XattrCalls.flistxattr(fd, 0, 0)).isZero();
    FileCalls.close(fd);
  }

  @Test
  void namesAreCheckedBeforeTheyReachTheKernel() {
    assertThat(buffer.put("abc".getBytes(StandardCharsets.UTF_8))).isEqualTo(buffer.address());
    assertThat(buffer.put(new byte[] {'f', 'i', 'l', 'e'})).isEqualTo(buffer.address());
    assertThat(NameCalls.faccessat(at, buffer.address(), 0, 0)).isZero();
    assertThat(buffer.put(new byte[] {'a', 0, 'b'})).isEqualTo(-Errno.EINVAL);
    assertThat(buffer.put(new byte[NameBuffer.PATH_MAX])).isEqualTo(-Errno.ENAMETOOLONG);
    byte[] longest = new byte[NameBuffer.PATH_MAX - 1];
    Arrays.fill(longest, (byte) 'x');
    assertThat(buffer.put(longest)).isEqualTo(buffer.address());
    assertThat(NameCalls.faccessat(at, buffer.address(), 0, 0)).isEqualTo(-Errno.ENAMETOOLONG);
    assertThatThrownBy(() -> CString.of(arena, "a\0b"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
