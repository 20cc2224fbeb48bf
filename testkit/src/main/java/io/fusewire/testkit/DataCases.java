package io.fusewire.testkit;

import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.IovecBuffer;
import io.fusewire.linux.sys.NativeMemory;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.Seek;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** Reading and writing. */
final class DataCases {
  private static final int PAGE = 4096;

  private DataCases() {}

  static void addTo(Map<String, PosixCase> cases) {
    cases.put("data: 5 MB come back", DataCases::large);
    cases.put("data: random writes agree with an array", DataCases::random);
    cases.put("data: reading at the end gives 0 bytes", DataCases::end);
    cases.put("data: two appending descriptors do not overwrite", DataCases::append);
    cases.put("data: O_TRUNC empties", DataCases::truncateOnOpen);
    cases.put("data: a second descriptor sees writes at once", DataCases::coherent);
    cases.put("data: dup shares the position", DataCases::duplicate);
    cases.put("data: writing to a read-only descriptor is EBADF", DataCases::readOnly);
    cases.put("data: readv and writev", DataCases::vectors);
    cases.put("data: O_DIRECT reads and writes pages", DataCases::direct);
    cases.put("data: a private map sees the file", DataCases::mapRead);
    cases.put("data: a shared map writes to the file", DataCases::mapShared);
    cases.put("data: copy_file_range", DataCases::copyRange);
    cases.put("data: fsync and fdatasync", DataCases::sync);
    cases.put("data: a negative offset is EINVAL", DataCases::negativeOffset);
  }

  private static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static void large(Path directory) throws Exception {
    byte[] bytes = noise(5_000_001);
    Path path = Files.write(directory.resolve("large"), bytes);
    Check.bytes(bytes, Files.readAllBytes(path), "content");
    Check.equal(bytes.length, Calls.stat(path).size(), "size");
  }

  private static void random(Path directory) {
    Random random = new Random(7);
    byte[] model = new byte[300_000];
    try (OpenFile file = OpenFile.open(directory.resolve("file"), Open.CREAT | Open.RDWR)) {
      Check.equal(0, FileCalls.ftruncate(file.fd(), model.length), "ftruncate");
      for (int i = 0; i < 300; i++) {
        byte[] piece = noise(1 + random.nextInt(9000));
        int offset = random.nextInt(model.length - piece.length);
        System.arraycopy(piece, 0, model, offset, piece.length);
        file.writeAt(offset, piece);
        int from = random.nextInt(model.length - 5000);
        Check.bytes(
            Arrays.copyOfRange(model, from, from + 5000), file.readAt(from, 5000), "round " + i);
      }
      Check.bytes(model, file.readAt(0, model.length), "all");
    }
  }

  private static void end(Path directory) {
    try (OpenFile file = OpenFile.open(directory.resolve("file"), Open.CREAT | Open.RDWR)) {
      file.write("12345");
      Check.equal(0, file.readAt(5, 10).length, "at the end");
      Check.equal(0, file.readAt(1 << 20, 10).length, "behind it");
      Check.equal(2, file.readAt(3, 10).length, "across it");
    }
  }

  private static void append(Path directory) {
    Path path = directory.resolve("file");
    int flags = Open.CREAT | Open.RDWR | Open.APPEND;
    try (OpenFile first = OpenFile.open(path, flags);
        OpenFile second = OpenFile.open(path, flags)) {
      for (int i = 0; i < 100; i++) {
        first.write("a");
        second.write("b");
      }
      Check.that(first.text().equals("ab".repeat(100)), "content");
    }
  }

  private static void truncateOnOpen(Path directory) throws Exception {
    Path path = Files.writeString(directory.resolve("file"), "content");
    OpenFile.open(path, Open.WRONLY | Open.TRUNC).close();
    Check.equal(0, Calls.stat(path).size(), "size");
  }

  private static void coherent(Path directory) {
    Path path = directory.resolve("file");
    try (OpenFile writer = OpenFile.open(path, Open.CREAT | Open.RDWR);
        OpenFile reader = OpenFile.open(path, Open.RDONLY)) {
      for (int i = 0; i < 50; i++) {
        writer.write("x");
        Check.equal(i + 1L, reader.text().length(), "bytes seen");
        Check.equal(i + 1L, Calls.stat(path).size(), "size seen");
      }
    }
  }

  private static void duplicate(Path directory) {
    try (OpenFile file = OpenFile.open(directory.resolve("file"), Open.CREAT | Open.RDWR);
        OpenFile twin = OpenFile.of(FileCalls.dup(file.fd()), "dup")) {
      file.write("123");
      twin.write("45");
      Check.equal(5, file.seek(0, Seek.CUR), "position");
      Check.that(file.text().equals("12345"), "content");
    }
  }

  private static void readOnly(Path directory) throws Exception {
    Path path = Files.writeString(directory.resolve("file"), "x");
    try (OpenFile file = OpenFile.open(path, Open.RDONLY);
        Arena arena = Arena.ofConfined()) {
      long data = arena.allocate(1).address();
      Check.fails(Errno.EBADF, FileCalls.write(file.fd(), data, 1), "write");
      Check.fails(Errno.EINVAL, FileCalls.ftruncate(file.fd(), 0), "ftruncate");
    }
  }

  private static void vectors(Path directory) {
    try (OpenFile file = OpenFile.open(directory.resolve("file"), Open.CREAT | Open.RDWR);
        Arena arena = Arena.ofConfined()) {
      MemorySegment data = arena.allocateFrom("onetwothree", StandardCharsets.US_ASCII);
      MemorySegment vectors = arena.allocate(3 * IovecBuffer.BYTES, Long.BYTES);
      int[] lengths = {3, 3, 5};
      long at = data.address();
      for (int i = 0; i < lengths.length; i++) {
        IovecBuffer.BASE.set(vectors, i * IovecBuffer.BYTES, at);
        IovecBuffer.LENGTH.set(vectors, i * IovecBuffer.BYTES, lengths[i]);
        at += lengths[i];
      }
      Check.equal(11, FileCalls.writev(file.fd(), vectors.address(), 3), "writev");
      Check.that(file.text().equals("onetwothree"), "content");
      data.fill((byte) 0);
      Check.equal(0, file.seek(0, Seek.SET), "lseek");
      Check.equal(11, FileCalls.readv(file.fd(), vectors.address(), 3), "readv");
      Check.that(data.getString(0, StandardCharsets.US_ASCII).equals("onetwothree"), "read back");
    }
  }

  private static void direct(Path directory) {
    Path path = directory.resolve("file");
    byte[] bytes = noise(4 * PAGE);
    try (OpenFile file = OpenFile.open(path, Open.CREAT | Open.WRONLY)) {
      file.writeAt(0, bytes);
    }
    try (Arena arena = Arena.ofConfined();
        OpenFile file = OpenFile.open(path, Open.RDWR | Open.DIRECT);
        OpenFile cached = OpenFile.open(path, Open.RDONLY)) {
      MemorySegment data = arena.allocate(PAGE, PAGE);
      long address = data.address();
      Check.equal(PAGE, FileCalls.pread(file.fd(), address, PAGE, 2 * PAGE), "pread");
      byte[] third = Arrays.copyOfRange(bytes, 2 * PAGE, 3 * PAGE);
      Check.bytes(third, data.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), "content");
      Check.equal(PAGE, FileCalls.pwrite(file.fd(), address, PAGE, 0), "pwrite");
      Check.bytes(third, cached.readAt(0, PAGE), "seen by a cached reader");
    }
  }

  private static void mapRead(Path directory) throws Exception {
    byte[] bytes = noise(3 * PAGE + 100);
    Path path = Files.write(directory.resolve("file"), bytes);
    try (FileChannel channel = FileChannel.open(path);
        Arena arena = Arena.ofConfined()) {
      MemorySegment map = channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes.length, arena);
      Check.bytes(bytes, map.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE), "mapped");
    }
  }

  private static void mapShared(Path directory) throws Exception {
    byte[] bytes = noise(2 * PAGE);
    Path path = Files.write(directory.resolve("file"), bytes);
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MappedByteBuffer map = channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes.length);
      map.put(PAGE - 1, (byte) 1).put(PAGE, (byte) 2);
      map.force();
      bytes[PAGE - 1] = 1;
      bytes[PAGE] = 2;
      Check.bytes(bytes, Files.readAllBytes(path), "after msync");
    }
  }

  private static void copyRange(Path directory) throws Exception {
    byte[] bytes = noise(100_000);
    Path path = Files.write(directory.resolve("from"), bytes);
    try (OpenFile from = OpenFile.open(path, Open.RDONLY);
        OpenFile to = OpenFile.open(directory.resolve("to"), Open.CREAT | Open.RDWR)) {
      MemorySegment offset = NativeMemory.allocate(Long.BYTES);
      try {
        offset.set(java.lang.foreign.ValueLayout.JAVA_LONG, 0, 1000);
        long copied = 0;
        while (copied < 99_000) {
          copied +=
              Check.succeeds(
                  FileCalls.copyFileRange(
                      from.fd(), offset.address(), to.fd(), 0, 99_000 - copied, 0),
                  "copy_file_range");
        }
      } finally {
        NativeMemory.free(offset);
      }
      Check.bytes(Arrays.copyOfRange(bytes, 1000, 100_000), to.readAt(0, 100_000), "copy");
    }
  }

  private static void sync(Path directory) {
    try (OpenFile file = OpenFile.open(directory.resolve("file"), Open.CREAT | Open.RDWR)) {
      file.write("x");
      Check.equal(0, FileCalls.fsync(file.fd()), "fsync");
      Check.equal(0, FileCalls.fdatasync(file.fd()), "fdatasync");
      Check.equal(0, FileCalls.syncfs(file.fd()), "syncfs");
    }
  }

  private static void negativeOffset(Path directory) {
    try (OpenFile file = OpenFile.open(directory.resolve("file"), Open.CREAT | Open.RDWR);
        Arena arena = Arena.ofConfined()) {
      long data = arena.allocate(1).address();
      Check.fails(Errno.EINVAL, FileCalls.pread(file.fd(), data, 1, -1), "pread");
      Check.fails(Errno.EINVAL, file.seek(-1, Seek.SET), "lseek");
      Check.fails(Errno.EINVAL, FileCalls.ftruncate(file.fd(), -1), "ftruncate");
    }
  }
}
