package io.fusewire.linux.mount;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.MountCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The control files of a connection in {@code /sys/fs/fuse/connections} (kernel documentation of
 * FUSE). They belong to the user who mounted. Where fusectl is not mounted there, root reaches them
 * all the same through a mount of its own that nobody else sees.
 *
 * <p>All methods give 0 or more, or a negative errno: -ENOENT when the connection is gone or cannot
 * be found, -EPERM when fusectl is not mounted and may not be.
 */
public final class FuseConnection {
  /** As a number: which connection it is cannot be told. */
  public static final int UNKNOWN = -1;

  private static final String CONNECTIONS = "/sys/fs/fuse/connections/";
  private static final String FDINFO_KEY = "fuse_connection:";
  private static final int NUMBER_BYTES = 32;

  private final int number;

  private FuseConnection(int number) {
    this.number = number;
  }

  /** The connection of a descriptor where the kernel tells it (Linux 6.18). */
  public static FuseConnection of(int fd) {
    return of(fd, UNKNOWN);
  }

  /** The connection of a descriptor, or where the kernel does not tell it, this one. */
  static FuseConnection of(int fd, int otherwise) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd))) {
        if (line.startsWith(FDINFO_KEY)) {
          return new FuseConnection(Integer.parseInt(line.substring(FDINFO_KEY.length()).strip()));
        }
      }
    } catch (IOException e) {
      return new FuseConnection(otherwise); // closed, or there is no /proc
    }
    return new FuseConnection(otherwise);
  }

  /** The connection with this number: the minor device number of its mount. */
  public static FuseConnection numbered(int number) {
    return new FuseConnection(number);
  }

  /** The connection's number or {@link #UNKNOWN}. */
  public int number() {
    return number;
  }

  /** Ends the connection: every request of it fails, and none comes any more. */
  public int abort() {
    return write("abort", 1);
  }

  /** How many requests wait for an answer. */
  public long waiting() {
    return read("waiting");
  }

  /** The kernel's limit of background requests. */
  public long maxBackground() {
    return read("max_background");
  }

  /** Changes the limit of background requests; beyond the system's limit for root only. */
  public int maxBackground(int requests) {
    return write("max_background", requests);
  }

  /** From how many background requests on the kernel calls the file system congested. */
  public long congestionThreshold() {
    return read("congestion_threshold");
  }

  /** Changes the congestion threshold. */
  public int congestionThreshold(int requests) {
    return write("congestion_threshold", requests);
  }

  private long read(String file) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = open(arena, file, Open.RDONLY);
      if (fd < 0) {
        return fd;
      }
      MemorySegment text = arena.allocate(NUMBER_BYTES);
      long bytes = FileCalls.read(fd, text.address(), NUMBER_BYTES);
      FileCalls.close(fd);
      if (bytes < 0) {
        return bytes;
      }
      byte[] digits = text.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
      return Long.parseLong(new String(digits, StandardCharsets.US_ASCII).strip());
    } catch (NumberFormatException e) {
      return -Errno.EIO;
    }
  }

  private int write(String file, int value) {
    try (Arena arena = Arena.ofConfined()) {
      int fd = open(arena, file, Open.WRONLY);
      if (fd < 0) {
        return fd;
      }
      MemorySegment text = CString.of(arena, Integer.toString(value));
      long bytes = FileCalls.write(fd, text.address(), text.byteSize() - 1);
      FileCalls.close(fd);
      return (int) Math.min(bytes, 0);
    }
  }

  private int open(Arena arena, String file, int mode) {
    if (number == UNKNOWN) {
      return -Errno.ENOENT;
    }
    int flags = mode | Open.CLOEXEC;
    long path = CString.of(arena, CONNECTIONS + number + "/" + file).address();
    int fd = NameCalls.openat(At.FDCWD, path, flags, 0);
    if (fd != -Errno.ENOENT || Files.isDirectory(Path.of(CONNECTIONS + number))) {
      return fd;
    }
    int directory = mountPrivately(arena);
    if (directory < 0) {
      return directory;
    }
    fd = NameCalls.openat(directory, CString.of(arena, number + "/" + file).address(), flags, 0);
    FileCalls.close(directory);
    return fd;
  }

  /** Mounts fusectl for this descriptor alone. */
  private static int mountPrivately(Arena arena) {
    int context = MountCalls.fsopen(CString.of(arena, "fusectl").address());
    if (context < 0) {
      return context;
    }
    int created = MountCalls.fscreate(context);
    int directory = created < 0 ? created : MountCalls.fsmount(context, 0);
    FileCalls.close(context);
    return directory;
  }
}
