package io.fusewire.filesystems.passthrough;

import io.fusewire.linux.sys.At;
import io.fusewire.linux.sys.FileCalls;
import io.fusewire.linux.sys.Mode;
import io.fusewire.linux.sys.NameCalls;
import io.fusewire.linux.sys.TimespecBuffer;
import io.fusewire.raw.FuseException;
import io.fusewire.raw.Setattr;
import io.fusewire.wire.Errno;
import io.fusewire.wire.flag.SetattrFlags;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Carries a SETATTR out on the backing file, in the order the kernel does it. */
final class AttributeChange {
  private static final int ID_UNCHANGED = -1;
  private static final int TIMES = SetattrFlags.ATIME | SetattrFlags.MTIME;

  private AttributeChange() {}

  /**
   * Changes what the request names.
   *
   * @param file the caller's open file, in use, or null
   * @param asServer whether the kernel has checked already that the caller may do that
   */
  static void apply(
      Setattr.Request request, int descriptor, @Nullable OpenFile file, boolean asServer) {
    Scratch scratch = Scratch.current();
    if (request.sets(SetattrFlags.SIZE)) {
      if (file != null) {
        truncate(request, file, scratch);
      } else {
        truncate(request, descriptor, scratch);
      }
    }
    if (request.sets(SetattrFlags.UID) || request.sets(SetattrFlags.GID)) {
      int uid = request.sets(SetattrFlags.UID) ? request.newUid() : ID_UNCHANGED;
      int gid = request.sets(SetattrFlags.GID) ? request.newGid() : ID_UNCHANGED;
      scratch.identity.callerWithGroups(request); // which set-id bits go depends on the groups
      long self = scratch.empty.address();
      int result = NameCalls.fchownat(descriptor, self, uid, gid, At.EMPTY_PATH);
      if (result == -Errno.EPERM && asServer) {
        scratch.identity.server(); // the caller has CAP_CHOWN without being root
        result = NameCalls.fchownat(descriptor, self, uid, gid, At.EMPTY_PATH);
      }
      check(result);
    }
    if (asServer) {
      scratch.identity.server();
    }
    if (request.sets(SetattrFlags.MODE)) {
      long path = scratch.names.putDescriptor(descriptor);
      check(NameCalls.fchmodat(At.FDCWD, path, request.mode() & Mode.PERMISSIONS, 0));
    }
    if ((request.valid() & TIMES) != 0) {
      times(request, scratch.times);
      check(
          NameCalls.utimensat(
              descriptor, scratch.empty.address(), scratch.times.address(), At.EMPTY_PATH));
    }
  }

  private static void truncate(Setattr.Request request, OpenFile file, Scratch scratch) {
    if (request.sets(SetattrFlags.KILL_SUIDGID)) {
      scratch.identity.withoutFsetid(request); // then the kernel drops set-id itself
    }
    check(FileCalls.ftruncate(file.descriptor, request.size()));
  }

  private static void truncate(Setattr.Request request, int descriptor, Scratch scratch) {
    boolean kills = request.sets(SetattrFlags.KILL_SUIDGID);
    if (kills) {
      scratch.identity.caller(request);
    }
    int result = truncate(descriptor, request.size(), scratch);
    if (result == -Errno.EACCES && kills) {
      scratch.identity.callerWithGroups(request);
      result = truncate(descriptor, request.size(), scratch);
    }
    check(result);
  }

  private static int truncate(int descriptor, long size, Scratch scratch) {
    return NameCalls.truncate(scratch.names.putDescriptor(descriptor), size);
  }

  private static void times(Setattr.Request request, MemorySegment times) {
    boolean access = request.sets(SetattrFlags.ATIME);
    boolean accessNow = request.sets(SetattrFlags.ATIME_NOW);
    TimespecBuffer.SECONDS.set(times, 0, request.atime());
    TimespecBuffer.NANOS.set(times, 0, nanos(access, accessNow, request.atimeNanos()));
    boolean change = request.sets(SetattrFlags.MTIME);
    boolean changeNow = request.sets(SetattrFlags.MTIME_NOW);
    TimespecBuffer.SECONDS.set(times, TimespecBuffer.BYTES, request.mtime());
    TimespecBuffer.NANOS.set(
        times, TimespecBuffer.BYTES, nanos(change, changeNow, request.mtimeNanos()));
  }

  private static long nanos(boolean given, boolean now, int nanos) {
    if (!given) {
      return TimespecBuffer.UTIME_OMIT;
    }
    return now ? TimespecBuffer.UTIME_NOW : nanos;
  }

  private static void check(int result) {
    if (result < 0) {
      throw new FuseException(-result);
    }
  }
}
