package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.CString;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.Open;
import io.fusewire.linux.sys.ProcessCalls;
import io.fusewire.linux.sys.ThreadCredentials;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.RawRequest;
import io.fusewire.wire.Errno;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;

/**
 * Whose permissions one platform thread has: the server's own, or those of the caller it works for.
 * Only root can change them; for others everything is done as the server.
 *
 * <p>What a thread was last is remembered, so that a row of requests of one caller costs nothing.
 * An fsuid other than 0 also takes the file capabilities away, as the kernel does for that caller.
 */
final class Identity {
  private static final int GROUPS_MAX = 1024;
  private static final int NOBODY = 65_534;
  private static final int STATUS_BYTES = 8192;
  private static final String GROUPS_LINE = "\nGroups:";

  private final boolean root = ProcessCalls.geteuid() == 0;
  private final MemorySegment groups;
  private final MemorySegment status;
  private int uid;
  private int gid;
  private boolean hasGroups = true; // those of whoever started the server
  private boolean ownMask;

  Identity(Arena arena) {
    groups = arena.allocate((long) GROUPS_MAX * Integer.BYTES, Integer.BYTES);
    status = arena.allocate(STATUS_BYTES);
  }

  /** Works as the server from now on. */
  void server() {
    if (root) {
      become(0, 0);
      dropGroups();
    }
  }

  /** Works as the caller, without supplementary groups. */
  void caller(RawRequest request) {
    if (root) {
      dropGroups();
      become(request.uid(), request.gid());
    }
  }

  /**
   * Works without the right to keep set-user-ID bits (CAP_FSETID), as a caller who has not got it;
   * for what an open descriptor allows anyway.
   */
  void withoutFsetid(RawRequest request) {
    if (root) {
      dropGroups();
      become(request.uid() == 0 ? NOBODY : request.uid(), request.gid());
    }
  }

  /** Works as the caller with all groups; reads them from proc(5). */
  void callerWithGroups(RawRequest request) {
    if (!root) {
      return;
    }
    if (request.uid() == 0) {
      caller(request);
      return;
    }
    become(0, 0); // proc may be closed to others
    int count = readGroups(request.pid());
    ThreadCredentials.setgroups(count, groups.address());
    hasGroups = count > 0;
    become(request.uid(), request.gid());
  }

  private void become(int user, int group) {
    if (gid != group) {
      ThreadCredentials.setfsgid(group);
      gid = group;
    }
    if (uid != user) {
      ThreadCredentials.setfsuid(user);
      uid = user;
    }
  }

  private void dropGroups() {
    if (hasGroups) {
      become(0, 0);
      ThreadCredentials.setgroups(0, groups.address());
      hasGroups = false;
    }
  }

  /** Uses this umask for what the thread makes; other threads keep theirs. */
  void umask(int mask) {
    if (!ownMask) {
      if (ProcessCalls.unshare(ProcessCalls.CLONE_FS) < 0) {
        throw new FuseException(Errno.EPERM);
      }
      ownMask = true;
    }
    ProcessCalls.umask(mask);
  }

  /** Fills the supplementary groups of a process; their number, 0 when it is gone. */
  private int readGroups(int pid) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment path = CString.of(arena, "/proc/" + pid + "/status");
      int fd = NameCalls.openat(At.FDCWD, path.address(), Open.RDONLY | Open.CLOEXEC, 0);
      if (fd < 0) {
        return 0;
      }
      long length = FileCalls.read(fd, status.address(), STATUS_BYTES);
      FileCalls.close(fd);
      byte[] bytes = status.asSlice(0, Math.max(0, length)).toArray(ValueLayout.JAVA_BYTE);
      return parseGroups(new String(bytes, StandardCharsets.ISO_8859_1));
    }
  }

  private int parseGroups(String text) {
    int start = text.indexOf(GROUPS_LINE);
    if (start < 0) {
      return 0;
    }
    int end = text.indexOf('\n', start + 1);
    if (end < 0) {
      end = text.lastIndexOf(' '); // more groups than we read: the last number is not whole
    }
    String line =
        text.substring(start + GROUPS_LINE.length(), Math.max(end, start + GROUPS_LINE.length()));
    int count = 0;
    for (String group : line.strip().split("\\s+", -1)) {
      if (!group.isEmpty() && count < GROUPS_MAX) {
        groups.setAtIndex(ValueLayout.JAVA_INT, count, Integer.parseUnsignedInt(group));
        count++;
      }
    }
    return count;
  }
}
