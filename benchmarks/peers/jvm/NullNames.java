import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The names and sizes of the null file system (see native/null.h) for libraries that speak of paths,
 * and the conversation with the benchmark.
 */
final class NullNames {
  static final int LISTED_FILES = 10_000;
  static final int CONTENT_BYTES = 1 << 20;
  static final int PAGE = 4096;
  static final int MAX_BACKGROUND = 64;
  static final int ENOENT = 2;
  static final int EPERM = 1;

  /** Sizes; the others are below 0. */
  static final long MISSING = -1;

  static final long DIRECTORY = -2;
  private static final int CLIENT_THREADS = 1024;
  private static final int BLOCK_FILES = 1000;
  private static final int DIGITS_MAX = 12;
  private static final String LARGE_DIRECTORY = "/d10k";

  private final AtomicLongArray created = new AtomicLongArray(CLIENT_THREADS);
  private final String[] listed = new String[LISTED_FILES];

  NullNames() {
    Arrays.setAll(listed, index -> String.format("n%05d", index));
  }

  static boolean isLargeDirectory(String path) {
    return path.equals(LARGE_DIRECTORY);
  }

  String listed(int index) {
    return listed[index];
  }

  /** The size of a file, {@link #DIRECTORY} or {@link #MISSING}. */
  long find(String path) {
    if (path.length() == 1 || isLargeDirectory(path)) {
      return DIRECTORY;
    }
    int last = path.lastIndexOf('/') + 1;
    if (last > 1) {
      boolean known = path.startsWith(LARGE_DIRECTORY) && last == LARGE_DIRECTORY.length() + 1;
      long index = known && path.charAt(last) == 'n' ? number(path, last + 1, path.length()) : -1;
      return index >= 0 && index < LISTED_FILES ? 0 : MISSING;
    }
    return switch (path.charAt(1)) {
      case 'f' -> number(path, 2, path.length()) >= 0 ? 0 : MISSING;
      case 'b' -> sizeOfLarge(path);
      case 'c' -> {
        int thread = thread(path);
        yield thread >= 0 && created.get(thread) == serial(path) + 1 ? 0 : MISSING;
      }
      default -> MISSING;
    };
  }

  private static long sizeOfLarge(String path) {
    if (path.equals("/big")) {
      return 256L << 20;
    }
    long index = number(path, 2, path.length());
    return index >= 0 && index < BLOCK_FILES ? 32L << 20 : MISSING;
  }

  /** Makes /c&lt;thread&gt;_&lt;n&gt; exist; false for any other name. */
  boolean create(String path) {
    int thread = thread(path);
    long serial = serial(path);
    if (thread < 0 || serial < 0) {
      return false;
    }
    created.set(thread, serial + 1);
    return true;
  }

  /** Removes /c&lt;thread&gt;_&lt;n&gt;; false for any other name. */
  boolean remove(String path) {
    int thread = thread(path);
    if (thread < 0 || serial(path) < 0) {
      return false;
    }
    created.set(thread, 0);
    return true;
  }

  private static int thread(String path) {
    int separator = path.indexOf('_');
    long thread = path.startsWith("/c") ? number(path, 2, separator) : -1;
    return thread < CLIENT_THREADS ? (int) thread : -1;
  }

  private static long serial(String path) {
    return number(path, path.indexOf('_') + 1, path.length());
  }

  private static long number(String text, int start, int end) {
    if (start >= end || end - start > DIGITS_MAX) {
      return -1;
    }
    long value = 0;
    for (int i = start; i < end; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** How many bytes a read at this place gets. */
  int readable(String path, long offset, long wanted) {
    long left = Math.max(0, find(path) - offset);
    return (int) Math.min(Math.min(wanted, left), CONTENT_BYTES);
  }

  static byte[] content() {
    byte[] content = new byte[CONTENT_BYTES];
    Arrays.fill(content, (byte) 'x');
    return content;
  }

  /** Says that the mount is there and answers each line with counts, until the end of the input. */
  static void converse() throws IOException {
    System.out.println("ready");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    while (lines.readLine() != null) {
      long collections = 0;
      long pause = 0;
      for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
        collections += collector.getCollectionCount();
        pause += collector.getCollectionTime();
      }
      System.out.printf(
          "{\"heapBytes\":%d,\"collections\":%d,\"pauseMillis\":%d,\"compilationMillis\":%d}%n",
          threads.getTotalThreadAllocatedBytes(),
          collections,
          pause,
          ManagementFactory.getCompilationMXBean().getTotalCompilationTime());
    }
  }
}
