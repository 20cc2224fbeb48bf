package io.fusewire.testkit;

import java.nio.file.Path;

/** One expectation about a file system, checked in an empty directory of it. */
@FunctionalInterface
public interface PosixCase {
  /**
   * Passes or throws.
   *
   * @param directory empty, writable, absolute
   */
  void run(Path directory) throws Exception;
}
