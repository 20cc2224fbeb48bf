package io.fusewire.filesystems.memory;

import io.fusewire.linux.sys.Mode;
import io.fusewire.raw.Setattr;
import io.fusewire.wire.flag.SetattrFlags;
import java.time.Instant;

/** What SETATTR changes besides the length. */
final class AttributeChange {
  private AttributeChange() {}

  /** Changes a node; the caller holds its monitor. */
  static void apply(Inode node, Setattr.Request request, Instant now) {
    boolean mode = request.sets(SetattrFlags.MODE);
    boolean owner = request.sets(SetattrFlags.UID) || request.sets(SetattrFlags.GID);
    if (mode) {
      node.mode = (node.mode & Mode.S_IFMT) | (request.mode() & Mode.PERMISSIONS);
      PosixAcl.changeMode(node);
    }
    if (request.sets(SetattrFlags.UID)) {
      node.uid = request.newUid();
    }
    if (request.sets(SetattrFlags.GID)) {
      node.gid = request.newGid();
    }
    if (request.sets(SetattrFlags.KILL_SUIDGID) || (owner && !mode)) {
      node.dropPrivileges();
    }
    changeTimes(node, request, now);
  }

  private static void changeTimes(Inode node, Setattr.Request request, Instant now) {
    if (request.sets(SetattrFlags.ATIME_NOW)) {
      node.setAtime(now);
    } else if (request.sets(SetattrFlags.ATIME)) {
      node.setAtime(request.atime(), request.atimeNanos());
    }
    if (request.sets(SetattrFlags.MTIME_NOW)) {
      node.setMtime(now);
    } else if (request.sets(SetattrFlags.MTIME)) {
      node.setMtime(request.mtime(), request.mtimeNanos());
    }
    if (request.sets(SetattrFlags.CTIME)) {
      node.setCtime(request.ctime(), request.ctimeNanos());
    } else {
      node.setCtime(now);
    }
  }
}
