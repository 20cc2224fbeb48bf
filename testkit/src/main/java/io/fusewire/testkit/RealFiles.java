package io.fusewire.testkit;

import io.fusewire.linux.sys.Open;
import io.fusewire.wire.Errno;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** Runs scripts on a directory, with the system calls of this process. */
public final class RealFiles implements FileTarget {
  private static final int S_IFMT = 0170000;
  private static final int S_IFDIR = 0040000;

  private final Path directory;

  /** On an empty directory, such as the root of a mount. */
  public RealFiles(Path directory) {
    this.directory = directory;
  }

  private Path at(String path) {
    return directory.resolve(path.substring(1));
  }

  @Override
  public String create(String path) {
    int fd = Calls.open(at(path), Open.CREAT | Open.RDWR, 0644);
    if (fd < 0) {
      return FileTarget.result(fd);
    }
    OpenFile.of(fd, path).close();
    return "0";
  }

  @Override
  public String mkdir(String path) {
    return FileTarget.result(Calls.mkdir(at(path), 0755));
  }

  @Override
  public String unlink(String path) {
    return FileTarget.result(Calls.unlink(at(path)));
  }

  @Override
  public String rmdir(String path) {
    return FileTarget.result(Calls.rmdir(at(path)));
  }

  @Override
  public String rename(String from, String to) {
    return FileTarget.result(Calls.rename(at(from), at(to), 0));
  }

  @Override
  public String link(String from, String to) {
    return FileTarget.result(Calls.link(at(from), at(to), 0));
  }

  @Override
  public String truncate(String path, long size) {
    return FileTarget.result(Calls.truncate(at(path), size));
  }

  @Override
  public String write(String path, long offset, int length, byte value) {
    int fd = Calls.open(at(path), Open.RDWR, 0);
    if (fd < 0) {
      return FileTarget.result(fd);
    }
    try (OpenFile file = OpenFile.of(fd, path)) {
      byte[] data = new byte[length];
      Arrays.fill(data, value);
      file.writeAt(offset, data);
      return Integer.toString(length);
    }
  }

  @Override
  public String read(String path, long offset, int length) {
    int fd = Calls.open(at(path), Open.RDWR, 0); // RDWR: fails for a directory as reading would
    if (fd < 0) {
      return FileTarget.result(fd);
    }
    try (OpenFile file = OpenFile.of(fd, path)) {
      return FileTarget.sum(file.readAt(offset, length));
    }
  }

  @Override
  public String list(String path) {
    try (Stream<Path> names = Files.list(at(path))) {
      return names.map(Path::getFileName).map(String::valueOf).sorted().toList().toString();
    } catch (NotDirectoryException e) {
      return FileTarget.failure(Errno.ENOTDIR);
    } catch (NoSuchFileException e) {
      return FileTarget.failure(Errno.ENOENT);
    } catch (IOException e) {
      String text = String.valueOf(e.getMessage());
      return FileTarget.failure(text.contains("Not a directory") ? Errno.ENOTDIR : Errno.EIO);
    }
  }

  @Override
  public String stat(String path) {
    int fd = Calls.open(at(path), Open.PATH | Open.NOFOLLOW, 0);
    if (fd < 0) {
      return FileTarget.result(fd);
    }
    try (OpenFile file = OpenFile.of(fd, path)) {
      Calls.Stat stat = Calls.stat(file.fd());
      return FileTarget.stat((stat.mode() & S_IFMT) == S_IFDIR, stat.size(), stat.nlink());
    }
  }

  @Override
  public String setxattr(String path, String name, byte value) {
    return FileTarget.result(Calls.setxattr(at(path), name, new byte[] {value}, 0));
  }

  @Override
  public String getxattr(String path, String name) {
    long length = Calls.getxattr(at(path), name, 100);
    return length < 0 ? FileTarget.result(length) : FileTarget.sum(Calls.xattr(at(path), name));
  }

  @Override
  public String removexattr(String path, String name) {
    return FileTarget.result(Calls.removexattr(at(path), name));
  }
}
