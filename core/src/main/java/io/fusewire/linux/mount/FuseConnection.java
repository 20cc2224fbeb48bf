package io.fusewire.linux.mount;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * The control files of a connection in {@code /sys/fs/fuse/connections} (fuse kernel
 * documentation). They exist while fusectl is mounted there, and belong to the user who mounted.
 */
public final class FuseConnection {
  private static final Path CONNECTIONS = Path.of("/sys/fs/fuse/connections");
  private static final String FDINFO_KEY = "fuse_connection:";

  private final Path directory;

  private FuseConnection(Path directory) {
    this.directory = directory;
  }

  /**
   * The connection of this descriptor: by its fdinfo where the kernel tells it (6.18), otherwise by
   * the device number of the mount.
   */
  public static FuseConnection of(int fd, int mountId) {
    return new FuseConnection(CONNECTIONS.resolve(number(fd, mountId)));
  }

  private static String number(int fd, int mountId) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd))) {
        if (line.startsWith(FDINFO_KEY)) {
          return line.substring(FDINFO_KEY.length()).strip();
        }
      }
      MountTable.Entry mount = MountTable.withId(mountId);
      if (mount != null) {
        return mount.device().substring(mount.device().indexOf(':') + 1);
      }
    } catch (IOException e) {
      // No /proc: then there is no connection to find either.
      return "unknown";
    }
    return "unknown";
  }

  /** The connection's number, or "unknown". */
  public String name() {
    return directory.getFileName().toString();
  }

  /**
   * Ends the connection: every request fails with ECONNABORTED; false when that is not possible.
   */
  public boolean abort() {
    return write("abort", "1");
  }

  /** How many requests wait for an answer; empty when fusectl does not tell. */
  public OptionalLong waiting() {
    return read("waiting");
  }

  /** The kernel's limit of background requests. */
  public OptionalLong maxBackground() {
    return read("max_background");
  }

  /** The kernel's congestion threshold. */
  public OptionalLong congestionThreshold() {
    return read("congestion_threshold");
  }

  private OptionalLong read(String file) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(directory.resolve(file)).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private boolean write(String file, String value) {
    try {
      Files.write(directory.resolve(file), value.getBytes(StandardCharsets.US_ASCII));
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
