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
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The O_PATH descriptors of nodes: a bounded number, the longest unused is closed first. A node
 * without one is opened again by its file handle, or by its name in its parent.
 *
 * <p>A descriptor is pinned while an operation uses it; a node that can be found in no other way
 * keeps its descriptor until it is forgotten. A part of the process's limit is kept free of open
 * files, so that names can be found and files closed when no more can be opened. Safe for all
 * threads; one lock guards everything.
 */
final class Descriptors {
  private static final int RLIMIT_NOFILE = 7;
  private static final int LIMIT_SHARE = 4;
  private static final int RESERVE_SHARE = 16;
  private static final int RESERVE_MAX = 256;
  private static final int DESCRIPTORS_MIN = 16;
  private static final int DESCRIPTORS_MAX = 16_384;
  private static final int HANDLE_HEADER_BYTES = 8;
  private static final int HANDLE_BYTES_MAX = 128;
  private static final int DEPTH_MAX = 10_000;
  private static final int O_PATH_NODE = Open.PATH | Open.NOFOLLOW | Open.CLOEXEC;

  private final BackingNode root;
  private final int capacity;
  private final boolean handles = ProcessCalls.geteuid() == 0;
  private final LinkedHashMap<BackingNode, Boolean> open = new LinkedHashMap<>(64, 0.75f, true);

  /** The lowest descriptor number that an open file should not have. */
  private final int ceiling;

  /** Parks open files; false when none can be. */
  private BooleanSupplier parking = () -> false;

  /** True after a descriptor reached the ceiling: look before opening the next. */
  private volatile boolean pressed;

  /**
   * A cache that begins with the root.
   *
   * @param capacityWanted how many descriptors, or 0 for a share of the process's limit
   */
  Descriptors(BackingNode root, int rootDescriptor, int capacityWanted) {
    this.root = root;
    root.descriptor = rootDescriptor;
    long limit = limit();
    long share = Math.clamp(limit / LIMIT_SHARE, DESCRIPTORS_MIN, DESCRIPTORS_MAX);
    this.capacity = capacityWanted > 0 ? capacityWanted : (int) share;
    long reserve = Math.min(limit / RESERVE_SHARE, RESERVE_MAX);
    this.ceiling = (int) Math.min(limit - reserve, Integer.MAX_VALUE);
  }

  /** Sets what gives up descriptors of open files; before the first operation. */
  void parkWith(BooleanSupplier files) {
    parking = files;
  }

  private static long limit() {
    MemorySegment limit = Scratch.current().small;
    if (ProcessCalls.getrlimit(RLIMIT_NOFILE, limit.address()) < 0) {
      return DESCRIPTORS_MIN * LIMIT_SHARE;
    }
    long soft = limit.get(ValueLayout.JAVA_LONG, 0);
    return soft < 0 ? Integer.MAX_VALUE : soft; // RLIM_INFINITY is all ones
  }

  /**
   * Opens something that stays open for a user of the mount, such as a file. Closes descriptors
   * that are only kept, and parks open files, when that makes room.
   *
   * @return what the call returned; -EMFILE or -ENFILE, before the call made anything, when the
   *     process or the machine has no descriptor left
   */
  int openFor(OpenCall call) {
    if (pressed && !hasRoom()) {
      return -Errno.EMFILE;
    }
    int opened = call.run();
    if (opened == -Errno.EMFILE || opened == -Errno.ENFILE) {
      opened = spare() ? call.run() : opened;
    }
    if (opened >= ceiling) {
      pressed = true;
    }
    return opened;
  }

  /** Opens; a descriptor or a negative errno. */
  @FunctionalInterface
  interface OpenCall {
    int run();
  }

  /** New descriptors get the lowest free number, so one tells whether the reserve is touched. */
  private boolean hasRoom() {
    while (!probe()) {
      if (!spare()) {
        return false;
      }
    }
    return true;
  }

  private boolean probe() {
    int probe = FileCalls.fcntl(root.descriptor, Fcntl.DUPFD_CLOEXEC, 0);
    if (probe < 0) {
      return false;
    }
    FileCalls.close(probe);
    pressed = probe >= ceiling;
    return !pressed;
  }

  /** Out of descriptors: closes what can be opened again; false when there was nothing. */
  private boolean spare() {
    boolean any = evict(0);
    return parking.getAsBoolean() || any;
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
    while (true) {
      synchronized (open) {
        if (node.descriptor >= 0) {
          node.pins++;
          open.get(node); // moves it to the end of the queue
          return node.descriptor;
        }
      }
      BackingNode.Location tried = node.location;
      int opened = reopen(node);
      if (opened == -Errno.EMFILE || opened == -Errno.ENFILE) {
        opened = spare() ? reopen(node) : opened;
      }
      if (opened >= 0) {
        return adopt(node, opened);
      }
      if (opened != -Errno.ESTALE || !hasMoved(node, tried)) {
        throw new FuseException(-opened);
      }
    }
  }

  /** Somebody renamed the node while it was looked for under its old name. */
  private boolean hasMoved(BackingNode node, BackingNode.@Nullable Location tried) {
    synchronized (open) {
      BackingNode.Location now = node.location;
      return node.descriptor >= 0 || (now != null && !now.equals(tried));
    }
  }

  /** Ends a use of a node's descriptor. */
  void unpin(BackingNode node) {
    if (node.equals(root)) {
      return;
    }
    synchronized (open) {
      node.pins--;
      if (node.forgotten) {
        closeUnused(node);
      }
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
   * Closes unused descriptors until this many are left, where possible; true when it closed some.
   */
  private boolean evict(int target) {
    synchronized (open) {
      int before = open.size();
      evictLocked(target);
      return open.size() < before;
    }
  }

  private void evictLocked(int target) {
    Iterator<BackingNode> eldest = open.keySet().iterator();
    while (open.size() > target && eldest.hasNext()) {
      BackingNode node = eldest.next();
      if (node.pins == 0 && !node.anchored) {
        rememberHandle(node, node.descriptor);
        FileCalls.close(node.descriptor);
        node.descriptor = -1;
        eldest.remove();
      }
    }
  }

  /** Keeps what finds the node again wherever it is moved, if the server may use that. */
  void rememberHandle(BackingNode node, int descriptor) {
    if (!handles || node.handle != null || !isNearRoot(node)) {
      return;
    }
    Scratch scratch = Scratch.current();
    MemorySegment handle = scratch.handle;
    handle.set(ValueLayout.JAVA_INT, 0, HANDLE_BYTES_MAX);
    long mountId = handle.address() + HANDLE_HEADER_BYTES + HANDLE_BYTES_MAX;
    int result =
        NameCalls.nameToHandleAt(
            descriptor, scratch.empty.address(), handle.address(), mountId, At.EMPTY_PATH);
    if (result >= 0) {
      long bytes = HANDLE_HEADER_BYTES + (long) handle.get(ValueLayout.JAVA_INT, 0);
      node.handle = handle.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    }
  }

  /** File handles are opened through the root's mount, so they only lead to what is seen there. */
  private boolean isNearRoot(BackingNode node) {
    long mount = node.key.mount();
    return node.key.device() == root.key.device() && (mount == 0 || mount == root.key.mount());
  }

  /** Opens a node again; a descriptor or a negative errno. */
  private int reopen(BackingNode node) {
    Scratch.current().identity.server();
    byte[] handle = node.handle;
    if (handle != null) {
      MemorySegment memory = Scratch.current().handle;
      MemorySegment.copy(handle, 0, memory, ValueLayout.JAVA_BYTE, 0, handle.length);
      int opened = NameCalls.openByHandleAt(root.descriptor, memory.address(), O_PATH_NODE);
      if (opened >= 0 || opened == -Errno.EMFILE || opened == -Errno.ENFILE) {
        return opened;
      }
    }
    return byName(node);
  }

  /** Opens a node by its last known name, and checks that it is still the same. */
  private int byName(BackingNode node) {
    BackingNode.Location location = node.location;
    if (location == null) {
      return -Errno.ESTALE;
    }
    int parent;
    try {
      openAncestors(location.parent());
      parent = pin(location.parent());
    } catch (FuseException e) {
      return -e.errno();
    }
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

  /** Opens a row of closed ancestors from the top, so that no deep path takes a deep stack. */
  private void openAncestors(BackingNode parent) {
    List<BackingNode> closed = new ArrayList<>();
    BackingNode at = parent;
    while (isClosed(at)) {
      closed.add(at);
      if (closed.size() > DEPTH_MAX) {
        throw new FuseException(Errno.ESTALE); // names that others moved may lead in a circle
      }
      BackingNode.Location location = at.location;
      if (location == null) {
        break;
      }
      at = location.parent();
    }
    for (int i = closed.size() - 1; i > 0; i--) {
      pin(closed.get(i));
      unpin(closed.get(i));
    }
  }

  private boolean isClosed(BackingNode node) {
    synchronized (open) {
      return node.descriptor < 0 && node.handle == null;
    }
  }

  /**
   * Gives a node that has no name a descriptor of its own, from one that is open.
   *
   * @return 0 or a negative errno
   */
  int adoptNameless(BackingNode node, int opened) {
    int copy = openFor(() -> FileCalls.fcntl(opened, Fcntl.DUPFD_CLOEXEC, 0));
    if (copy < 0) {
      return copy;
    }
    adopt(node, copy);
    synchronized (open) {
      node.anchored = true;
      node.pins--;
    }
    return 0;
  }

  /**
   * Keeps a pinned node reachable that has just lost a name: it may have others, be open, or be
   * somebody's working directory.
   */
  void lostName(BackingNode node) {
    Scratch scratch = Scratch.current();
    synchronized (open) {
      rememberHandle(node, node.descriptor);
      boolean isGone = scratch.stat(node.descriptor) < 0 || scratch.nlink() == 0;
      node.anchored = isGone || node.handle == null;
    }
  }

  /** Closes what a forgotten node holds, now or after its last use. */
  void forget(BackingNode node) {
    synchronized (open) {
      node.forgotten = true;
      closeUnused(node);
    }
  }

  private void closeUnused(BackingNode node) {
    if (node.pins == 0 && node.descriptor >= 0) {
      open.remove(node);
      FileCalls.close(node.descriptor);
      node.descriptor = -1;
    }
  }

  /** How many descriptors are open for nodes, without the root's. */
  int size() {
    synchronized (open) {
      return open.size();
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
