package io.fusewire.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The age of a request at which the kernel ends the whole connection, set by the system's
 * administrator ({@code fs.fuse.default_request_timeout}, {@code max_request_timeout}, in seconds;
 * 0 is never). Our own deadline comes before it and ends that one request.
 */
final class KernelTimeout {
  private static final Path SETTINGS = Path.of("/proc/sys/fs/fuse");
  private static final long SPARE_SECONDS_MAX = 5;
  private static final int SPARE_PART = 4;

  private KernelTimeout() {}

  /** The age at which a request must have its answer, or null when the kernel does not care. */
  static @Nullable Duration deadline() {
    return deadline(seconds("default_request_timeout"), seconds("max_request_timeout"));
  }

  /** The same from the two settings. */
  static @Nullable Duration deadline(long byDefault, long most) {
    long effective = byDefault == 0 ? most : most == 0 ? byDefault : Math.min(byDefault, most);
    if (effective <= 0) {
      return null;
    }
    Duration all = Duration.ofSeconds(effective);
    Duration part = all.dividedBy(SPARE_PART);
    Duration spare = Duration.ofSeconds(SPARE_SECONDS_MAX);
    return all.minus(part.compareTo(spare) < 0 ? part : spare);
  }

  private static long seconds(String name) {
    try {
      return Long.parseLong(Files.readString(SETTINGS.resolve(name)).strip());
    } catch (IOException | NumberFormatException e) {
      return 0; // a kernel without this setting
    }
  }
}
