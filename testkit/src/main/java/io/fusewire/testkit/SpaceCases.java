package io.fusewire.testkit;

import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.Fallocate;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.Seek;
import io.fusewire.linux.sys.StatvfsBuffer;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Sizes, holes and space. */
final class SpaceCases {
  private static final int MEGABYTE = 1 << 20;

  private SpaceCases() {}

  static void addTo(Map<String, PosixCase> cases) {
    cases.put("space: truncate shortens and lengthens with zeros", SpaceCases::truncate);
    cases.put("space: a shortened end does not come back", SpaceCases::noOldBytes);
    cases.put("space: writing behind the end leaves a hole of zeros", SpaceCases::sparse);
    cases.put("space: SEEK_DATA and SEEK_HOLE", SpaceCases::seekHole);
    cases.put("space: SEEK_DATA behind the end is ENXIO", SpaceCases::seekEnd);
    cases.put("space: fallocate lengthens", SpaceCases::allocate);
    cases.put("space: fallocate KEEP_SIZE does not", SpaceCases::keepSize);
    cases.put("space: fallocate PUNCH_HOLE gives zeros", SpaceCases::punch);
    cases.put("space: fallocate of no bytes is EINVAL", SpaceCases::allocateNothing);
    cases.put("space: statvfs has sense", SpaceCases::statvfs);
    cases.put("space: a file of 8 GB with one byte", SpaceCases::huge);
  }

  private static OpenFile create(Path directory) {
    return OpenFile.open(directory.resolve("file"), Open.CREAT | Open.RDWR);
  }

  private static byte[] ones(int length) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) 1);
    return bytes;
  }

  private static void truncate(Path directory) throws Exception {
    Path path = Files.writeString(directory.resolve("file"), "123456");
    Check.succeeds(Calls.truncate(path, 3), "shorten");
    Check.that(Files.readString(path).equals("123"), "short");
    Check.succeeds(Calls.truncate(path, 5), "lengthen");
    Check.that(Files.readString(path).equals("123\0\0"), "long");
  }

  private static void noOldBytes(Path directory) {
    try (OpenFile file = create(directory)) {
      file.writeAt(0, ones(10_000));
      Check.equal(0, FileCalls.ftruncate(file.fd(), 5000), "shorten");
      Check.equal(0, FileCalls.ftruncate(file.fd(), 10_000), "lengthen");
      Check.bytes(new byte[5000], file.readAt(5000, 5000), "zeros");
      Check.bytes(ones(5000), file.readAt(0, 5000), "ones");
    }
  }

  private static void sparse(Path directory) {
    try (OpenFile file = create(directory)) {
      file.writeAt(MEGABYTE, ones(10));
      Check.equal(MEGABYTE + 10, Calls.stat(file.fd()).size(), "size");
      Check.bytes(new byte[MEGABYTE], file.readAt(0, MEGABYTE), "hole");
      Check.that(Calls.stat(file.fd()).blocks() * 512 < MEGABYTE, "few blocks");
    }
  }

  private static void seekHole(Path directory) {
    try (OpenFile file = create(directory)) {
      file.writeAt(MEGABYTE, ones(4096));
      Check.equal(0, FileCalls.ftruncate(file.fd(), 3 * MEGABYTE), "ftruncate");
      Check.equal(MEGABYTE, file.seek(0, Seek.DATA), "first data");
      Check.equal(0, file.seek(0, Seek.HOLE), "first hole");
      Check.equal(MEGABYTE + 4096, file.seek(MEGABYTE, Seek.HOLE), "hole behind the data");
    }
  }

  private static void seekEnd(Path directory) {
    try (OpenFile file = create(directory)) {
      file.writeAt(0, ones(100));
      Check.fails(Errno.ENXIO, file.seek(100, Seek.DATA), "data at the end");
      Check.fails(Errno.ENXIO, file.seek(1000, Seek.HOLE), "hole behind the end");
      Check.equal(100, file.seek(0, Seek.HOLE), "the end counts as a hole");
    }
  }

  private static void allocate(Path directory) {
    try (OpenFile file = create(directory)) {
      file.write("12345");
      Check.equal(0, FileCalls.fallocate(file.fd(), 0, 0, 100_000), "fallocate");
      Check.equal(100_000, Calls.stat(file.fd()).size(), "size");
      Check.bytes(new byte[10], file.readAt(5, 10), "zeros");
    }
  }

  private static void keepSize(Path directory) {
    try (OpenFile file = create(directory)) {
      file.write("12345");
      int result = FileCalls.fallocate(file.fd(), Fallocate.KEEP_SIZE, 0, 100_000);
      Check.equal(0, result, "fallocate");
      Check.equal(5, Calls.stat(file.fd()).size(), "size");
    }
  }

  private static void punch(Path directory) {
    try (OpenFile file = create(directory)) {
      file.writeAt(0, ones(50_000));
      int mode = Fallocate.PUNCH_HOLE | Fallocate.KEEP_SIZE;
      Check.equal(0, FileCalls.fallocate(file.fd(), mode, 5000, 30_000), "fallocate");
      Check.equal(50_000, Calls.stat(file.fd()).size(), "size");
      Check.bytes(ones(5000), file.readAt(0, 5000), "before");
      Check.bytes(new byte[30_000], file.readAt(5000, 30_000), "hole");
      Check.bytes(ones(15_000), file.readAt(35_000, 15_000), "behind");
    }
  }

  private static void allocateNothing(Path directory) {
    try (OpenFile file = create(directory)) {
      Check.fails(Errno.EINVAL, FileCalls.fallocate(file.fd(), 0, 0, 0), "fallocate");
      Check.fails(Errno.EINVAL, FileCalls.fallocate(file.fd(), 0, -1, 10), "offset");
    }
  }

  private static void statvfs(Path directory) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment buffer = arena.allocate(StatvfsBuffer.BYTES, Long.BYTES);
      long path = CString.of(arena, directory.toString()).address();
      Check.equal(0, NameCalls.statvfs(path, buffer.address()), "statvfs");
      Check.equal(255, StatvfsBuffer.NAMEMAX.get(buffer, 0), "name length");
      Check.that(StatvfsBuffer.BSIZE.get(buffer, 0) >= 512, "block size");
      long blocks = StatvfsBuffer.BLOCKS.get(buffer, 0);
      Check.that(StatvfsBuffer.BFREE.get(buffer, 0) <= blocks, "no more free than there is");
    }
  }

  private static void huge(Path directory) {
    long end = 8L << 30;
    try (OpenFile file = create(directory)) {
      file.writeAt(end - 1, ones(1));
      Check.equal(end, Calls.stat(file.fd()).size(), "size");
      Check.bytes(ones(1), file.readAt(end - 1, 10), "the byte");
      Check.bytes(new byte[10], file.readAt(end / 2, 10), "the hole");
    }
  }
}
