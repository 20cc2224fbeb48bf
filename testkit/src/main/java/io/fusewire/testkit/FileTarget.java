package io.fusewire.testkit;

import io.fusewire.wire.Errno;
import java.util.Arrays;

/**
 * Something that a {@link KernelScript} runs on. Paths start with "/"; every method gives what its
 * system call gives, at least 0 or -errno, or a text for what is read.
 */
public interface FileTarget {
  /** Opens a file, made when it is missing, and closes it. */
  String create(String path);

  String mkdir(String path);

  String unlink(String path);

  String rmdir(String path);

  String rename(String from, String to);

  String link(String from, String to);

  String truncate(String path, long size);

  /** Writes so many bytes of this value into an existing file. */
  String write(String path, long offset, int length, byte value);

  /** The bytes of a range: their number and what they add up to. */
  String read(String path, long offset, int length);

  /** The names in a directory, sorted. */
  String list(String path);

  /** Type, size and number of names. */
  String stat(String path);

  String setxattr(String path, String name, byte value);

  String getxattr(String path, String name);

  String removexattr(String path, String name);

  /** How {@link #read} tells what it read. */
  static String sum(byte[] bytes) {
    return bytes.length + " bytes " + Integer.toHexString(Arrays.hashCode(bytes));
  }

  /** How {@link #stat} tells what it found. */
  static String stat(boolean isDirectory, long size, int names) {
    return isDirectory ? "directory" : "file of " + size + " with " + names + " names";
  }

  /** How a failure is told. */
  static String failure(int errno) {
    return "-" + Errno.name(errno);
  }

  /** How the result of a call is told. */
  static String result(long result) {
    return result < 0 ? failure((int) -result) : Long.toString(result);
  }
}
