package io.fusewire.testkit;

import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What POSIX says that file operations do, as plain Java; the yardstick of scripts. */
final class ModelFiles implements FileTarget {
  private static final class Node {
    final boolean isDirectory;
    final Map<String, Node> children = new TreeMap<>();
    final Map<String, Byte> attributes = new HashMap<>();
    byte[] data = new byte[0];
    int names = 1;

    Node(boolean isDirectory) {
      this.isDirectory = isDirectory;
    }
  }

  private final Node root = new Node(true);

  private static String parent(String path) {
    return path.substring(0, path.lastIndexOf('/'));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static FuseException error(int errno) {
    return new FuseException(errno);
  }

  private static String attempt(Supplier<String> operation) {
    try {
      return operation.get();
    } catch (FuseException e) {
      return FileTarget.failure(e.errno());
    }
  }

  private Node directory(String path) {
    Node node = find(path);
    if (!node.isDirectory) {
      throw error(Errno.ENOTDIR);
    }
    return node;
  }

  private Node find(String path) {
    if (path.isEmpty() || path.equals("/")) {
      return root;
    }
    Node found = directory(parent(path)).children.get(name(path));
    if (found == null) {
      throw error(Errno.ENOENT);
    }
    return found;
  }

  private @Nullable Node findOrNull(String path) {
    return directory(parent(path)).children.get(name(path));
  }

  private Node file(String path) {
    Node node = find(path);
    if (node.isDirectory) {
      throw error(Errno.EISDIR);
    }
    return node;
  }

  @Override
  public String create(String path) {
    return attempt(
        () -> {
          if (findOrNull(path) == null) {
            directory(parent(path)).children.put(name(path), new Node(false));
          }
          file(path);
          return "0";
        });
  }

  @Override
  public String mkdir(String path) {
    return attempt(
        () -> {
          if (findOrNull(path) != null) {
            throw error(Errno.EEXIST);
          }
          directory(parent(path)).children.put(name(path), new Node(true));
          return "0";
        });
  }

  @Override
  public String unlink(String path) {
    return attempt(
        () -> {
          file(path).names--;
          directory(parent(path)).children.remove(name(path));
          return "0";
        });
  }

  @Override
  public String rmdir(String path) {
    return attempt(
        () -> {
          if (!directory(path).children.isEmpty()) {
            throw error(Errno.ENOTEMPTY);
          }
          directory(parent(path)).children.remove(name(path));
          return "0";
        });
  }

  @Override
  public String rename(String from, String to) {
    return attempt(
        () -> {
          directory(parent(from));
          directory(parent(to));
          Node moved = find(from);
          Node replaced = findOrNull(to);
          if (to.startsWith(from + "/")) {
            throw error(Errno.EINVAL);
          }
          if (from.startsWith(to + "/")) {
            throw error(Errno.ENOTEMPTY);
          }
          if (replaced == moved) {
            return "0";
          }
          if (replaced != null) {
            checkReplacing(moved, replaced);
            replaced.names--;
          }
          directory(parent(from)).children.remove(name(from));
          directory(parent(to)).children.put(name(to), moved);
          return "0";
        });
  }

  private static void checkReplacing(Node moved, Node replaced) {
    if (moved.isDirectory && !replaced.isDirectory) {
      throw error(Errno.ENOTDIR);
    }
    if (!moved.isDirectory && replaced.isDirectory) {
      throw error(Errno.EISDIR);
    }
    if (!replaced.children.isEmpty()) {
      throw error(Errno.ENOTEMPTY);
    }
  }

  @Override
  public String link(String from, String to) {
    return attempt(
        () -> {
          Node node = find(from);
          if (findOrNull(to) != null) {
            throw error(Errno.EEXIST);
          }
          if (node.isDirectory) {
            throw error(Errno.EPERM);
          }
          node.names++;
          directory(parent(to)).children.put(name(to), node);
          return "0";
        });
  }

  @Override
  public String truncate(String path, long size) {
    return attempt(
        () -> {
          Node node = file(path);
          node.data = Arrays.copyOf(node.data, (int) size);
          return "0";
        });
  }

  @Override
  public String write(String path, long offset, int length, byte value) {
    return attempt(
        () -> {
          Node node = file(path);
          int end = (int) offset + length;
          node.data = Arrays.copyOf(node.data, Math.max(node.data.length, end));
          Arrays.fill(node.data, (int) offset, end, value);
          return Integer.toString(length);
        });
  }

  @Override
  public String read(String path, long offset, int length) {
    return attempt(
        () -> {
          byte[] data = file(path).data;
          int from = (int) Math.min(offset, data.length);
          int to = Math.min(from + length, data.length);
          return FileTarget.sum(Arrays.copyOfRange(data, from, to));
        });
  }

  @Override
  public String list(String path) {
    return attempt(() -> directory(path).children.keySet().toString());
  }

  @Override
  public String stat(String path) {
    return attempt(
        () -> {
          Node node = find(path);
          return FileTarget.stat(node.isDirectory, node.data.length, node.names);
        });
  }

  @Override
  public String setxattr(String path, String name, byte value) {
    return attempt(
        () -> {
          find(path).attributes.put(name, value);
          return "0";
        });
  }

  private byte attribute(String path, String name) {
    Byte value = find(path).attributes.get(name);
    if (value == null) {
      throw error(Errno.ENODATA);
    }
    return value;
  }

  @Override
  public String getxattr(String path, String name) {
    return attempt(() -> FileTarget.sum(new byte[] {attribute(path, name)}));
  }

  @Override
  public String removexattr(String path, String name) {
    return attempt(
        () -> {
          attribute(path, name);
          find(path).attributes.remove(name);
          return "0";
        });
  }
}
