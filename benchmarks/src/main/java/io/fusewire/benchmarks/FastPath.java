package io.fusewire.benchmarks;

import io.fusewire.benchmarks.FastFileSystem.Answers;
import io.fusewire.raw.Timeouts;
import io.fusewire.session.MountOptions;
import io.fusewire.wire.flag.InitFlags;
import io.fusewire.wire.flag.OpenFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A way to make requests fewer, or cheaper.
 *
 * @param name of it, with the option or flag
 * @param slow how the file system answers without it
 * @param fast and with it
 * @param options what else the mount is given with it
 * @param threads that do the work
 * @param saves whether it saves requests, or only time
 */
record FastPath(
    String name,
    Work work,
    Answers slow,
    Answers fast,
    UnaryOperator<MountOptions> options,
    int threads,
    boolean saves) {
  private static final Timeouts MINUTE = Timeouts.of(Duration.ofMinutes(1));
  private static final int BLOCK = 4096;
  private static final int SMALL = 512;
  private static final int PART = 64 * 1024;
  private static final int THREADS = 8;

  /** What a program does with a mount, again and again. */
  interface Work {
    /** Does it once; n counts up. */
    void once(Client files, int n) throws IOException;
  }

  /** What a thread has open, and its memory. */
  static final class Client implements AutoCloseable {
    final Path directory;
    final FileChannel channel;
    final ByteBuffer buffer = ByteBuffer.allocateDirect(FastFileSystem.FILE_BYTES);

    Client(Path directory) throws IOException {
      this.directory = directory;
      channel =
          FileChannel.open(
              directory.resolve("file"), StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    void read(FileChannel from, int bytes, long offset) throws IOException {
      buffer.clear().limit(bytes);
      while (buffer.hasRemaining() && from.read(buffer, offset + buffer.position()) > 0) {
        Thread.onSpinWait();
      }
    }

    void write(int bytes, long offset) throws IOException {
      buffer.clear().limit(bytes);
      channel.write(buffer, offset);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  private static FastPath of(String name, Work work, Answers slow, Answers fast) {
    return new FastPath(name, work, slow, fast, options -> options, 1, true);
  }

  private FastPath with(UnaryOperator<MountOptions> more) {
    return new FastPath(name, work, slow, fast, more, threads, saves);
  }

  private FastPath parallel() {
    return new FastPath(name, work, slow, fast, options, THREADS, false);
  }

  private static long spread(int n, int bytes) {
    return (long) n * bytes % FastFileSystem.FILE_BYTES;
  }

  private static void stat(Client files, int n) throws IOException {
    Files.getAttribute(files.directory.resolve("file"), "unix:ino");
  }

  private static void miss(Client files, int n) throws IOException {
    try {
      Files.getAttribute(files.directory.resolve("missing"), "unix:ino");
    } catch (NoSuchFileException e) {
      return;
    }
    throw new IOException("a file that cannot be");
  }

  private static void open(Client files, int n) throws IOException {
    FileChannel.open(files.directory.resolve("file")).close();
  }

  private static void openAndRead(Client files, int n) throws IOException {
    try (FileChannel opened = FileChannel.open(files.directory.resolve("file"))) {
      files.read(opened, PART, 0);
    }
  }

  private static void list(Client files, int n) throws IOException {
    try (var names = Files.newDirectoryStream(files.directory.resolve("directory"))) {
      int count = 0;
      for (Path _ : names) {
        count++;
      }
      if (count != FastFileSystem.NAMES) {
        throw new IOException(count + " names");
      }
    }
  }

  private static void read4k(Client files, int n) throws IOException {
    files.read(files.channel, BLOCK, spread(n, BLOCK));
  }

  private static void write4k(Client files, int n) throws IOException {
    files.write(BLOCK, spread(n, BLOCK));
  }

  private static void write512(Client files, int n) throws IOException {
    files.write(SMALL, spread(n, SMALL));
  }

  private static void read1m(Client files, int n) throws IOException {
    files.read(files.channel, FastFileSystem.FILE_BYTES, 0);
  }

  /** All of them. */
  static List<FastPath> all() {
    Answers plain = Answers.PLAIN;
    Answers cached = plain.times(MINUTE);
    return List.of(
        of("entry and attribute time-outs: stat", FastPath::stat, plain, cached),
        of(
            "negative entries: stat of a missing name",
            FastPath::miss,
            cached,
            cached.withNegative()),
        of("no OPEN: open and close", FastPath::open, cached, cached.withoutOpens())
            .with(MountOptions::noOpenSupport),
        of("no OPENDIR: list 1000 names", FastPath::list, cached, cached.withoutOpens())
            .with(MountOptions::noOpendirSupport),
        of("NOFLUSH: open and close", FastPath::open, cached, cached.file(OpenFlags.NOFLUSH)),
        of(
            "KEEP_CACHE: open, read 64 KiB, close",
            FastPath::openAndRead,
            cached,
            cached.file(OpenFlags.KEEP_CACHE)),
        of(
            "CACHE_DIR: list 1000 names",
            FastPath::list,
            cached,
            cached.directory(OpenFlags.CACHE_DIR | OpenFlags.KEEP_CACHE)),
        of(
            "no AUTO_INVAL_DATA (as by default): cached read of 4 KiB",
            FastPath::read4k,
            plain.wants(InitFlags.AUTO_INVAL_DATA),
            plain),
        of(
            "GETXATTR answered with ENOSYS: write 4 KiB",
            FastPath::write4k,
            plain.withXattrs(),
            plain),
        of(
            "HANDLE_KILLPRIV_V2, with xattrs: write 4 KiB",
            FastPath::write4k,
            plain.withXattrs(),
            plain.withXattrs().wants(InitFlags.HANDLE_KILLPRIV_V2)),
        of("writeback_cache: write 512 B", FastPath::write512, cached, cached)
            .with(MountOptions::writebackCache),
        of(
            "max_pages 256 against 8: direct read of 1 MiB",
            FastPath::read1m,
            cached.file(OpenFlags.DIRECT_IO),
            cached.file(OpenFlags.DIRECT_IO)),
        of(
                "PARALLEL_DIRECT_WRITES with DIRECT_IO: write 4 KiB, 8 threads",
                FastPath::write4k,
                cached.file(OpenFlags.DIRECT_IO),
                cached.file(OpenFlags.DIRECT_IO | OpenFlags.PARALLEL_DIRECT_WRITES))
            .parallel());
  }

  /** The options of the mount without it. */
  MountOptions slowOptions() {
    MountOptions made = MountOptions.create().fsName("slow").noShutdownHook();
    return name.startsWith("max_pages") ? made.maxWrite(8 * BLOCK) : made;
  }

  /** The options of the mount with it. */
  MountOptions fastOptions() {
    return options.apply(MountOptions.create().fsName("fast").noShutdownHook());
  }
}
