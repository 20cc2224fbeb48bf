package io.fusewire.linux.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The calls against real files. */
@Timeout(30)
class FileCallsTest {
  private static final int PAGE = 4096;

  @TempDir Path directory;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment memory = arena.allocate(4 * PAGE, PAGE);
  private final List<Integer> descriptors = new ArrayList<>();
  private int fd;

  @BeforeEach
  void openFile() {
    fd = open("file", Open.RDWR | Open.CREAT);
  }

  @AfterEach
  void closeAll() {
    descriptors.forEach(each -> assertThat(FileCalls.close(each)).isZero());
    arena.close();
  }

  private int open(String name, int flags) {
    int opened = NameCalls.openat(At.FDCWD, path(name), flags | Open.CLOEXEC, 0600);
    assertThat(opened).isPositive();
    descriptors.add(opened);
    return opened;
  }

  private long path(String name) {
    return CString.of(arena, directory.resolve(name).toString()).address();
  }

  private void put(String text) {
    MemorySegment.copy(
        text.getBytes(StandardCharsets.US_ASCII),
        0,
        memory,
        ValueLayout.JAVA_BYTE,
        0,
        text.length());
  }

  private String got(long offset, long bytes) {
    byte[] copy = memory.asSlice(offset, bytes).toArray(ValueLayout.JAVA_BYTE);
    return new String(copy, StandardCharsets.US_ASCII);
  }

  private String content() throws IOException {
    return Files.readString(directory.resolve("file"));
  }

  /** Two pieces of memory: 2 bytes at the start and 3 bytes at 100. */
  private long vectors() {
    MemorySegment vectors = arena.allocate(2 * IovecBuffer.BYTES, Long.BYTES);
    IovecBuffer.BASE.set(vectors, 0, memory.address());
    IovecBuffer.LENGTH.set(vectors, 0, 2);
    IovecBuffer.BASE.set(vectors, IovecBuffer.BYTES, memory.address() + 100);
    IovecBuffer.LENGTH.set(vectors, IovecBuffer.BYTES, 3);
    return vectors.address();
  }

  @Test
  void whatIsWrittenIsReadBack() throws Exception {
    put("hello world");
    assertThat(FileCalls.write(fd, memory.address(), 5)).isEqualTo(5);
    assertThat(FileCalls.pwrite(fd, memory.address() + 5, 6, 5)).isEqualTo(6);
    assertThat(content()).isEqualTo("hello world");
    assertThat(FileCalls.lseek(fd, 1, Seek.SET)).isEqualTo(1);
    assertThat(FileCalls.read(fd, memory.address() + PAGE, 3)).isEqualTo(3);
    assertThat(got(PAGE, 3)).isEqualTo("ell");
    assertThat(FileCalls.pread(fd, memory.address() + PAGE, 100, 6)).isEqualTo(5);
    assertThat(got(PAGE, 5)).isEqualTo("world");
    assertThat(FileCalls.lseek(fd, 0, Seek.CUR)).isEqualTo(4);
    assertThat(FileCalls.lseek(fd, 0, Seek.END)).isEqualTo(11);
    assertThat(FileCalls.ftruncate(fd, 3)).isZero();
    assertThat(content()).isEqualTo("hel");
  }

  @Test
  void vectorsAreWrittenAndRead() throws Exception {
    put("ab");
    MemorySegment.copy(new byte[] {'c', 'd', 'e'}, 0, memory, ValueLayout.JAVA_BYTE, 100, 3);
    assertThat(FileCalls.writev(fd, vectors(), 2)).isEqualTo(5);
    assertThat(FileCalls.pwritev(fd, vectors(), 2, 5)).isEqualTo(5);
    assertThat(content()).isEqualTo("abcdeabcde");
    assertThat(FileCalls.preadv(fd, vectors(), 2, 1)).isEqualTo(5);
    assertThat(got(0, 2) + got(100, 3)).isEqualTo("bcdea");
    assertThat(FileCalls.lseek(fd, 5, Seek.SET)).isEqualTo(5);
    assertThat(FileCalls.readv(fd, vectors(), 2)).isEqualTo(5);
    assertThat(got(0, 2) + got(100, 3)).isEqualTo("abcde");
  }

  @Test
  void failuresAreNegativeErrnos() {
    assertThat(FileCalls.read(-1, memory.address(), 1)).isEqualTo(-Errno.EBADF);
    assertThat(FileCalls.close(-1)).isEqualTo(-Errno.EBADF);
    assertThat(FileCalls.lseek(fd, -1, Seek.SET)).isEqualTo(-Errno.EINVAL);
    assertThat(FileCalls.read(fd, 1, 1)).isZero(); // an empty file
    assertThat(FileCalls.write(fd, 1, 1)).isEqualTo(-Errno.EFAULT);
    assertThat(FileCalls.ioctl(fd, 0x8004e500L, memory.address())).isEqualTo(-Errno.ENOTTY);
    assertThat(FileCalls.ftruncate(fd, -1)).isEqualTo(-Errno.EINVAL);
  }

  @Test
  void spaceIsAllocatedAndPunchedOut() throws Exception {
    assertThat(FileCalls.fallocate(fd, Fallocate.KEEP_SIZE, 0, 8 * PAGE)).isZero();
    assertThat(content()).isEmpty();
    assertThat(FileCalls.pwrite(fd, memory.address(), 4 * PAGE, 0)).isEqualTo(4 * PAGE);
    int punch = Fallocate.PUNCH_HOLE | Fallocate.KEEP_SIZE;
    assertThat(FileCalls.fallocate(fd, punch, PAGE, PAGE)).isZero();
    assertThat(FileCalls.lseek(fd, 0, Seek.HOLE)).isEqualTo(PAGE);
    assertThat(FileCalls.lseek(fd, PAGE, Seek.DATA)).isEqualTo(2 * PAGE);
    assertThat(FileCalls.lseek(fd, 4 * PAGE, Seek.DATA)).isEqualTo(-Errno.ENXIO);
  }

  @Test
  void everySyncSucceedsAndCopyFileRangeCopies() throws Exception {
    put("0123456789");
    assertThat(FileCalls.write(fd, memory.address(), 10)).isEqualTo(10);
    assertThat(FileCalls.fsync(fd)).isZero();
    assertThat(FileCalls.fdatasync(fd)).isZero();
    assertThat(FileCalls.syncfs(fd)).isZero();
    assertThat(FileCalls.syncFileRange(fd, 0, 10, SyncRange.WRITE)).isZero();
    int copy = open("copy", Open.WRONLY | Open.CREAT);
    memory.set(ValueLayout.JAVA_LONG, 0, 3);
    assertThat(FileCalls.copyFileRange(fd, memory.address(), copy, 0, 4, 0)).isEqualTo(4);
    assertThat(Files.readString(directory.resolve("copy"))).isEqualTo("3456");
    assertThat(memory.get(ValueLayout.JAVA_LONG, 0)).isEqualTo(7);
  }

  @Test
  void locksOfOpenFilesExcludeEachOther() {
    int other = open("file", Open.RDWR);
    MemorySegment lock = arena.allocate(FlockBuffer.BYTES, Long.BYTES);
    FlockBuffer.TYPE.set(lock, 0, Lock.F_WRLCK);
    FlockBuffer.START.set(lock, 0, 10);
    FlockBuffer.LENGTH.set(lock, 0, 5);
    assertThat(FileCalls.fcntl(fd, Fcntl.OFD_SETLK, lock.address())).isZero();
    assertThat(FileCalls.fcntl(other, Fcntl.OFD_SETLK, lock.address())).isEqualTo(-Errno.EAGAIN);
    FlockBuffer.START.set(lock, 0, 12);
    assertThat(FileCalls.fcntl(other, Fcntl.OFD_GETLK, lock.address())).isZero();
    assertThat(FlockBuffer.TYPE.get(lock, 0)).isEqualTo(Lock.F_WRLCK);
    assertThat(FlockBuffer.START.get(lock, 0)).isEqualTo(10);
    assertThat(FlockBuffer.PID.get(lock, 0)).isEqualTo(-1);

    assertThat(FileCalls.flock(fd, Lock.LOCK_EX | Lock.LOCK_NB)).isZero();
    assertThat(FileCalls.flock(other, Lock.LOCK_SH | Lock.LOCK_NB)).isEqualTo(-Errno.EAGAIN);
    assertThat(FileCalls.flock(fd, Lock.LOCK_UN)).isZero();
    assertThat(FileCalls.flock(other, Lock.LOCK_SH | Lock.LOCK_NB)).isZero();
  }

  @Test
  void flagsOfDescriptorsAreReadAndSet() {
    assertThat(FileCalls.fcntl(fd, Fcntl.GETFD, 0)).isEqualTo(Fcntl.CLOEXEC);
    assertThat(FileCalls.fcntl(fd, Fcntl.GETFL, 0) & Open.ACCMODE).isEqualTo(Open.RDWR);
    assertThat(FileCalls.fcntl(fd, Fcntl.SETFL, Open.APPEND)).isZero();
    assertThat(FileCalls.fcntl(fd, Fcntl.GETFL, 0) & Open.APPEND).isNotZero();
    int high = FileCalls.fcntl(fd, Fcntl.DUPFD_CLOEXEC, 500);
    descriptors.add(high);
    assertThat(high).isGreaterThanOrEqualTo(500);
    int dup = FileCalls.dup(fd);
    descriptors.add(dup);
    assertThat(FileCalls.fcntl(dup, Fcntl.GETFD, 0)).isZero();
  }

  @Test
  void directoriesAreListed() throws Exception {
    Files.createDirectory(directory.resolve("sub"));
    int listed = open(".", Open.RDONLY | Open.DIRECTORY);
    long bytes = FileCalls.getdents(listed, memory.address(), memory.byteSize());
    List<String> names = new ArrayList<>();
    for (long at = 0; at < bytes; at += DirentBuffer.RECORD_LENGTH.get(memory, at)) {
      names.add(memory.getString(at + DirentBuffer.NAME) + " " + DirentBuffer.TYPE.get(memory, at));
      assertThat(DirentBuffer.INO.get(memory, at)).isNotZero();
    }
    assertThat(names).containsExactlyInAnyOrder(". 4", ".. 4", "file 8", "sub 4");
    assertThat(FileCalls.getdents(listed, memory.address(), memory.byteSize())).isZero();
  }

  @Test
  void fileSystemsTellTheirSize() {
    MemorySegment status = arena.allocate(StatvfsBuffer.BYTES, Long.BYTES);
    assertThat(FileCalls.fstatvfs(fd, status.address())).isZero();
    assertThat(StatvfsBuffer.NAMEMAX.get(status, 0)).isEqualTo(255);
    status.fill((byte) 0);
    assertThat(NameCalls.statvfs(path("."), status.address())).isZero();
    assertThat(StatvfsBuffer.BLOCKS.get(status, 0))
        .isGreaterThanOrEqualTo(StatvfsBuffer.BFREE.get(status, 0))
        .isPositive();
  }

  @Test
  void modeAndTimesAreSet() throws Exception {
    assertThat(FileCalls.fchmod(fd, 0640)).isZero();
    MemorySegment times = arena.allocate(2 * TimespecBuffer.BYTES, Long.BYTES);
    TimespecBuffer.NANOS.set(times, 0, TimespecBuffer.UTIME_OMIT);
    TimespecBuffer.SECONDS.set(times, TimespecBuffer.BYTES, 1_000_000);
    TimespecBuffer.NANOS.set(times, TimespecBuffer.BYTES, 123_456_789);
    assertThat(FileCalls.futimens(fd, times.address())).isZero();
    assertThat(FileCalls.fchown(fd, -1, -1)).isZero();
    MemorySegment status = arena.allocate(StatxBuffer.BYTES, Long.BYTES);
    int mask = StatxBuffer.BASIC_STATS;
    long empty = CString.of(arena, "").address();
    assertThat(NameCalls.statx(fd, empty, At.EMPTY_PATH, mask, status.address())).isZero();
    assertThat(StatxBuffer.MODE.get(status, 0)).isEqualTo(Mode.S_IFREG | 0640);
    long mtime = StatxBuffer.MTIME.offset();
    assertThat(StatxBuffer.SECONDS.get(status, mtime)).isEqualTo(1_000_000);
    assertThat(StatxBuffer.NANOS.get(status, mtime)).isEqualTo(123_456_789);
    assertThat(StatxBuffer.SECONDS.get(status, StatxBuffer.ATIME.offset()))
        .isGreaterThan(1_000_000);
    assertThat(StatxBuffer.INO.get(status, 0))
        .isEqualTo(Files.getAttribute(directory.resolve("file"), "unix:ino"));
  }

  @Test
  void eventsArePolledFor() {
    int event = ChannelCalls.eventfd(0, Open.CLOEXEC | Open.NONBLOCK);
    descriptors.add(event);
    MemorySegment poll = arena.allocate(PollBuffer.BYTES, Integer.BYTES);
    PollBuffer.FD.set(poll, 0, event);
    PollBuffer.EVENTS.set(poll, 0, PollBuffer.POLLIN);
    assertThat(FileCalls.poll(poll.address(), 1, 0)).isZero();
    assertThat(FileCalls.read(event, memory.address(), 8)).isEqualTo(-Errno.EAGAIN);
    memory.set(ValueLayout.JAVA_LONG, 0, 5);
    assertThat(FileCalls.write(event, memory.address(), 8)).isEqualTo(8);
    assertThat(FileCalls.poll(poll.address(), 1, -1)).isEqualTo(1);
    assertThat(PollBuffer.REVENTS.get(poll, 0)).isEqualTo(PollBuffer.POLLIN);
  }
}
