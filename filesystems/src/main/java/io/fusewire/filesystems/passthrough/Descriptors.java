package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Iterator;
import java.util.LinkedHashMap;

/**
 * The O_PATH descriptors of nodes: a bounded number, the longest unused is closed first. A node
 * without one is opened again by its file handle, or by its name in its parent.
 *
 * <p>A descriptor is pinned while an operation uses it; a node that lost its last name keeps its
 * descriptor until it is forgotten. Safe for all threads; one lock guards everything.
 */
final class Descriptors {
  private static final int RLIMIT_NOFILE = 7;
  private static final int LIMIT_SHARE = 4;
  private static final int DESCRIPTORS_MIN = 16;
  private static final int DESCRIPTORS_MAX = 16_384;
  private static final int HANDLE_HEADER_BYTES = 8;
  private static final int HANDLE_BYTES_MAX = 128;
  private static final int O_PATH_NODE = Open.PATH | Open.NOFOLLOW | Open.CLOEXEC;

  private final BackingNode root;
  private final int capacity;
  private final boolean handles = ProcessCalls.geteuid() == 0;
  private final LinkedHashMap<BackingNode, Boolean> open = new LinkedHashMap<>(64, 0.75f, true);

  /**
   * A cache that begins with the root.
   *
   * @param capacityWanted how many descriptors, or 0 for a share of the process's limit
   */
  Descriptors(BackingNode root, int rootDescriptor, int capacityWanted) {
    this.root = root;
    root.descriptor = rootDescriptor;
    this.capacity = capacityWanted > 0 ? capacityWanted : share();
  }

  private static int share() {
    MemorySegment limit = Scratch.current().small;
    if (ProcessCalls.getrlimit(RLIMIT_NOFILE, limit.address()) < 0) {
      return DESCRIPTORS_MIN;
    }
    long share = limit.get(ValueLayout.JAVA_LONG, 0) / LIMIT_SHARE;
    return Math.clamp(share, DESCRIPTORS_MIN, DESCRIPTORS_MAX);
  }

  /**
   * The node's descriptor, which stays open until {@link #unpin}. Works as the server.
   *
   * @throws FuseException when it cannot be opened
   */
  int pin(BackingNode node) {
    if (node.equals(root)) {
      return root.descriptor;
    }
    synchronized (open) {
      if (node.descriptor >= 0) {
        node.pins++;
        open.get(node); // moves it to the end of the queue
        return node.descriptor;
      }
    }
    Scratch.current().identity.server();
    int opened = reopen(node);
    if (opened == -Errno.EMFILE || opened == -Errno.ENFILE) {
      evict(0);
      opened = reopen(node);
    }
    if (opened < 0) {
      throw new FuseException(-opened);
    }
    return adopt(node, opened);
  }

  /** Ends a use of a node's descriptor. */
  void unpin(BackingNode node) {
    if (node.equals(root)) {
      return;
    }
    synchronized (open) {
      release(node);
    }
  }

  /** The kernel may forget a node as soon as it has the answer, which is before this. */
  private void release(BackingNode node) {
    node.pins--;
    if (node.pins == 0 && node.forgotten) {
      drop(node);
    }
  }

  private void drop(BackingNode node) {
    open.remove(node);
    if (node.descriptor >= 0) {
      FileCalls.close(node.descriptor);
      node.descriptor = -1;
    }
  }

  /** Makes a fresh descriptor the node's own, pinned, unless it has one by now. */
  private int adopt(BackingNode node, int opened) {
    synchronized (open) {
      if (node.descriptor >= 0) {
        FileCalls.close(opened);
      } else {
        node.descriptor = opened;
        open.put(node, true);
      }
      node.pins++;
      if (open.size() > capacity) {
        evictLocked(capacity);
      }
      return node.descriptor;
    }
  }

  /**
   * Closes unused descriptors until this many are left; for when the process has run out of them.
   */
  void evict(int target) {
    synchronized (open) {
      evictLocked(target);
    }
  }

  private void evictLocked(int target) {
    Iterator<BackingNode> eldest = open.keySet().iterator();
    while (open.size() > target && eldest.hasNext()) {
      BackingNode node = eldest.next();
      if (node.pins == 0 && !node.anchored) {
        rememberHandle(node);
        FileCalls.close(node.descriptor);
        node.descriptor = -1;
        eldest.remove();
      }
    }
  }

  private void rememberHandle(BackingNode node) {
    if (!handles || node.handle != null) {
      return;
    }
    Scratch scratch = Scratch.current();
    MemorySegment handle = scratch.small;
    handle.set(ValueLayout.JAVA_INT, 0, HANDLE_BYTES_MAX);
    long mountId = handle.address() + HANDLE_HEADER_BYTES + HANDLE_BYTES_MAX;
    int result =
        NameCalls.nameToHandleAt(
            node.descriptor, scratch.empty.address(), handle.address(), mountId, At.EMPTY_PATH);
    if (result >= 0) {
      long bytes = HANDLE_HEADER_BYTES + (long) handle.get(ValueLayout.JAVA_INT, 0);
      node.handle = handle.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /** Opens a node again; a descriptor or a negative errno. */
  private int reopen(BackingNode node) {
    byte[] handle = node.handle;
    if (handle != null && node.device == root.device) {
      MemorySegment memory = Scratch.current().small;
      MemorySegment.copy(handle, 0, memory, ValueLayout.JAVA_BYTE, 0, handle.length);
      int opened = byHandle(memory);
      if (opened >= 0) {
        return opened;
      }
    }
    return byName(node);
  }

  private int byHandle(MemorySegment handle) {
    return NameCalls.openByHandleAt(root.descriptor, handle.address(), O_PATH_NODE);
  }

  /** Opens a node by its last known name, and checks that it is still the same. */
  private int byName(BackingNode node) {
    BackingNode.Location location = node.location;
    if (location == null) {
      return -Errno.ESTALE;
    }
    int parent = pin(location.parent());
    try {
      Scratch scratch = Scratch.current();
      scratch.identity.server();
      long name = scratch.names.put(location.name().toBytes());
      int opened = NameCalls.openat(parent, name, O_PATH_NODE, 0);
      if (opened < 0) {
        return opened == -Errno.ENOENT ? -Errno.ESTALE : opened;
      }
      if (scratch.stat(opened) < 0 || !scratch.key().equals(node.key)) {
        FileCalls.close(opened);
        return -Errno.ESTALE;
      }
      return opened;
    } finally {
      unpin(location.parent());
    }
  }

  /** Gives a node that never had a name a descriptor of its own, from one that is open. */
  void adoptNameless(BackingNode node, int opened) {
    int copy = FileCalls.fcntl(opened, Fcntl.DUPFD_CLOEXEC, 0);
    if (copy >= 0) {
      adopt(node, copy);
      synchronized (open) {
        node.anchored = true;
        release(node);
      }
    }
  }

  /**
   * Keeps a node reachable that is about to lose its last name. Does nothing when that fails: then
   * only its open handles work on.
   */
  void anchor(BackingNode node) {
    try {
      pin(node);
    } catch (FuseException e) {
      return;
    }
    synchronized (open) {
      node.anchored = true;
      release(node);
    }
  }

  /** Closes what a forgotten node holds; one in use when its last use ends. */
  void forget(BackingNode node) {
    synchronized (open) {
      node.forgotten = true;
      if (node.pins == 0) {
        drop(node);
      }
    }
  }

  /** Closes everything; nobody uses it any more. */
  void close() {
    synchronized (open) {
      for (BackingNode node : open.keySet()) {
        FileCalls.close(node.descriptor);
      }
      open.clear();
      FileCalls.close(root.descriptor);
    }
  }
}
