package io.fusewire.sim;

import io.fusewire.raw.FileAttributes;
import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A small tree that counts what a file system must: names, lookups and open handles. */
final class SimTree {
  static final long ROOT = 1;

  /** A file or directory. */
  static final class Node {
    final long id;
    final boolean isDirectory;
    final Map<String, Node> children = new TreeMap<>();
    int names;
    long lookups;
    long size;

    Node(long id, boolean isDirectory) {
      this.id = id;
      this.isDirectory = isDirectory;
    }

    FileAttributes attributes() {
      return isDirectory ? FileAttributes.directory(id, 0755) : FileAttributes.file(id, 0644, size);
    }
  }

  private final Map<Long, Node> nodes = new HashMap<>();
  private final Map<Long, Node> handles = new HashMap<>();
  private long nextNode = ROOT;
  private long nextHandle = 1;

  SimTree() {
    make(true).names = 1;
  }

  private Node make(boolean isDirectory) {
    Node node = new Node(nextNode++, isDirectory);
    nodes.put(node.id, node);
    return node;
  }

  /** The node; the kernel only names those that it holds. */
  Node node(long id) {
    Node node = nodes.get(id);
    if (node == null) {
      throw new AssertionError("node " + id + " was forgotten, and is used");
    }
    return node;
  }

  Node directory(long id) {
    Node node = node(id);
    if (!node.isDirectory) {
      throw new FuseException(Errno.ENOTDIR);
    }
    return node;
  }

  Node child(long parent, String name) {
    Node child = directory(parent).children.get(name);
    if (child == null) {
      throw new FuseException(Errno.ENOENT);
    }
    return child;
  }

  Node create(long parent, String name, boolean isDirectory) {
    Node directory = directory(parent);
    if (directory.names == 0) {
      throw new FuseException(Errno.ENOENT);
    }
    if (directory.children.containsKey(name)) {
      throw new FuseException(Errno.EEXIST);
    }
    Node made = make(isDirectory);
    put(directory, name, made);
    return made;
  }

  private static void put(Node directory, String name, Node child) {
    directory.children.put(name, child);
    child.names++;
  }

  Node link(long node, long parent, String name) {
    Node linked = node(node);
    Node directory = directory(parent);
    if (linked.isDirectory || linked.names == 0 || directory.names == 0) {
      throw new FuseException(Errno.EPERM);
    }
    if (directory.children.containsKey(name)) {
      throw new FuseException(Errno.EEXIST);
    }
    put(directory, name, linked);
    return linked;
  }

  void remove(long parent, String name, boolean isDirectory) {
    Node child = child(parent, name);
    if (child.isDirectory != isDirectory) {
      throw new FuseException(isDirectory ? Errno.ENOTDIR : Errno.EISDIR);
    }
    if (!child.children.isEmpty()) {
      throw new FuseException(Errno.ENOTEMPTY);
    }
    directory(parent).children.remove(name);
    child.names--;
    dropIfUnused(child);
  }

  void rename(long parent, String name, long newParent, String newName) {
    Node moved = child(parent, name);
    Node target = directory(newParent);
    if (target.names == 0 || isBelow(target, moved)) {
      throw new FuseException(Errno.EINVAL);
    }
    Node replaced = target.children.get(newName);
    if (replaced == moved) {
      return;
    }
    if (replaced != null) {
      remove(newParent, newName, moved.isDirectory);
    }
    directory(parent).children.remove(name);
    target.children.put(newName, moved);
  }

  private static boolean isBelow(Node node, Node top) {
    return node == top || top.children.values().stream().anyMatch(each -> isBelow(node, each));
  }

  /** Counts a lookup that an answer hands out. */
  void hold(Node node) {
    if (node.id != ROOT) {
      node.lookups++;
    }
  }

  /** Takes lookups back. */
  void forget(long id, long lookups) {
    Node node = node(id);
    if (id == ROOT) {
      throw new AssertionError("the root was forgotten");
    }
    if (lookups <= 0 || lookups > node.lookups) {
      throw new AssertionError(lookups + " lookups of " + node.lookups + " were forgotten");
    }
    node.lookups -= lookups;
    dropIfUnused(node);
  }

  private void dropIfUnused(Node node) {
    if (node.names == 0 && node.lookups == 0) {
      nodes.remove(node.id);
    }
  }

  long open(Node node) {
    handles.put(nextHandle, node);
    return nextHandle++;
  }

  Node opened(long handle) {
    Node node = handles.get(handle);
    if (node == null) {
      throw new AssertionError("handle " + handle + " is not open");
    }
    return node;
  }

  void release(long handle) {
    opened(handle);
    handles.remove(handle);
  }

  int openHandles() {
    return handles.size();
  }

  /** How many lookups of a node the kernel has to give back. */
  long lookups(long id) {
    @Nullable Node node = nodes.get(id);
    return node == null ? 0 : node.lookups;
  }

  /** The lookups of all nodes, of those that have any. */
  Map<Long, Long> lookups() {
    Map<Long, Long> held = new TreeMap<>();
    nodes.values().stream()
        .filter(node -> node.lookups > 0)
        .forEach(node -> held.put(node.id, node.lookups));
    return held;
  }
}
