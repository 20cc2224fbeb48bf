package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.Fcntl;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.node.NodeTable;
import io.fusewire.raw.FuseException;
import io.fusewire.wire.Errno;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The backing files that are open for users of the mount. When the process runs out of descriptors,
 * those of files that are not used just then are parked, as far as they can be opened again for
 * sure. Safe for all threads; a use takes no lock and allocates nothing.
 */
final class OpenFiles {
  /** How many are parked at once, so that not every open has to look for some. */
  private static final int PARKED_AT_ONCE = 64;

  private static final int KEPT_FLAGS =
      Open.ACCMODE | Open.APPEND | Open.NONBLOCK | Open.SYNC | Open.NOATIME;

  private final Descriptors descriptors;
  private final NodeTable<OpenFile> table = new NodeTable<>(NodeTable.NODES_DEFAULT);
  private final Set<OpenFile> open = new LinkedHashSet<>();

  OpenFiles(Descriptors descriptors) {
    this.descriptors = descriptors;
  }

  /**
   * Takes an open file in; its file handle. The descriptor belongs to this from here on.
   *
   * @param flags it was opened with
   */
  long add(BackingNode node, int descriptor, int flags) {
    OpenFile file = new OpenFile(node, descriptor, flags & Open.NOATIME);
    if (!table.add(file)) {
      FileCalls.close(descriptor);
      throw new FuseException(Errno.ENFILE);
    }
    synchronized (this) {
      open.add(file);
    }
    return file.nodeId();
  }

  /** Begins a use of an open file; {@link OpenFile#endUse} ends it. */
  OpenFile use(long fileHandle) {
    OpenFile file = table.find(fileHandle);
    if (file == null) {
      throw new FuseException(Errno.EBADF);
    }
    while (!file.tryUse()) {
      reopen(file);
    }
    return file;
  }

  /** The same without opening a parked file again: null when it is parked. */
  @Nullable OpenFile useIfOpen(long fileHandle) {
    OpenFile file = table.find(fileHandle);
    return file != null && file.tryUse() ? file : null;
  }

  private synchronized void reopen(OpenFile file) {
    if (!file.isParked()) {
      return;
    }
    int pinned = descriptors.pin(file.node);
    try {
      Scratch scratch = Scratch.current();
      scratch.identity.server();
      int opened =
          descriptors.openFor(
              () -> NameCalls.openat(At.FDCWD, scratch.names.putDescriptor(pinned), file.flags, 0));
      if (opened < 0) {
        throw new FuseException(-opened);
      }
      file.unpark(opened);
    } finally {
      descriptors.unpin(file.node);
    }
  }

  /**
   * Closes descriptors of files that nobody uses now, those first that were not used for longest.
   *
   * @return false when there is none
   */
  synchronized boolean park() {
    List<OpenFile> parked = new ArrayList<>();
    for (int pass = 0; pass < 2 && parked.isEmpty(); pass++) {
      for (OpenFile file : open) {
        boolean recent = file.recent;
        file.recent = false;
        if (!recent && park(file)) {
          parked.add(file);
          if (parked.size() == PARKED_AT_ONCE) {
            break;
          }
        }
      }
    }
    parked.forEach(open::remove);
    open.addAll(parked); // behind the others
    return !parked.isEmpty();
  }

  private static boolean park(OpenFile file) {
    // A node without a name is kept by a descriptor anyway, and one without a handle may be lost.
    if (file.keepsOpen || file.node.anchored || file.node.handle == null || !file.tryPark()) {
      return false;
    }
    int flags = FileCalls.fcntl(file.descriptor, Fcntl.GETFL, 0);
    file.flags = (flags & KEPT_FLAGS) | Open.CLOEXEC;
    FileCalls.close(file.descriptor);
    return true;
  }

  /**
   * Makes a used file count reads as the caller's file does now.
   *
   * @param flags of the caller's file
   */
  void follow(OpenFile file, int flags) {
    int wanted = flags & Open.NOATIME;
    if (wanted != file.noatime) {
      change(file, wanted);
    }
  }

  private synchronized void change(OpenFile file, int noatime) {
    Scratch.current().identity.server(); // O_NOATIME is for owners
    int flags = FileCalls.fcntl(file.descriptor, Fcntl.GETFL, 0);
    if (flags >= 0) {
      // Where it is not allowed, reading matters more than its time.
      FileCalls.fcntl(file.descriptor, Fcntl.SETFL, (flags & ~Open.NOATIME) | noatime);
    }
    file.noatime = noatime;
  }

  /** Closes a file. */
  void close(long fileHandle) {
    OpenFile file = table.find(fileHandle);
    if (file == null) {
      throw new FuseException(Errno.EBADF);
    }
    table.remove(file);
    synchronized (this) {
      open.remove(file);
      if (!file.isParked()) {
        FileCalls.close(file.descriptor);
      }
    }
  }

  /** Closes all that a mount leaves behind when it ends with files open. */
  void closeAll() {
    List<OpenFile> left;
    synchronized (this) {
      left = Collections.unmodifiableList(new ArrayList<>(open));
    }
    left.forEach(file -> close(file.nodeId()));
  }
}
